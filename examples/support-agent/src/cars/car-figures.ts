import { errors } from "../errors.ts";
import { type Car, type Column, type Origin } from "./car.ts";

export const statistics = ["average", "highest", "lowest"] as const;
export type Statistic = (typeof statistics)[number];

export interface CarFilter {
  readonly origin: Origin;
  readonly year: number;
}

/**
 * The cars of one name and year. Names repeat over the years and, rarely, within one.
 *
 * @throws DEMO_CAR_NOT_FOUND
 */
export function findCars(cars: readonly Car[], name: string, year: number): readonly Car[] {
  const found = cars.filter((car) => car.year === year && car.name === name);
  if (found.length === 0) throw errors.DEMO_CAR_NOT_FOUND({ name, year });
  return found;
}

export function matchingCars(cars: readonly Car[], filter: CarFilter): readonly Car[] {
  return cars.filter((car) => car.year === filter.year && car.origin === filter.origin);
}

/**
 * One statistic of one column over the cars that have a figure, rounded to one decimal.
 *
 * @throws DEMO_NO_MATCH when no car has a figure
 */
export function statisticOf(
  cars: readonly Car[],
  column: Column,
  statistic: Statistic,
): { readonly value: number; readonly cars: number } {
  const figures = cars.map((car) => car.figures[column]).filter((figure) => figure !== null);
  if (figures.length === 0) throw errors.DEMO_NO_MATCH({});
  return { value: roundToTenth(reduce(figures, statistic)), cars: figures.length };
}

function reduce(figures: readonly number[], statistic: Statistic): number {
  if (statistic === "highest") return Math.max(...figures);
  if (statistic === "lowest") return Math.min(...figures);
  return figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
}

export function roundToTenth(value: number): number {
  return Math.round(value * 10) / 10;
}
