import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { errors } from "../errors.ts";
import { type Car, type Column, columnMeanings, columnNames, isOrigin } from "./car.ts";

/**
 * Reads the 406 cars of the data set that the npm package `vega-datasets` ships.
 *
 * @throws DEMO_CARS_UNREADABLE when the file is missing or is not a list of cars
 */
export async function readCarList(): Promise<readonly Car[]> {
  // The package exports its entry only; its data lie in a folder beside the entry's own.
  const entry = createRequire(import.meta.url).resolve("vega-datasets");
  const path = join(dirname(entry), "..", "data", "cars.json");
  try {
    const rows: unknown = JSON.parse(await readFile(path, "utf8"));
    return (rows as readonly Record<string, unknown>[]).map(carOfRow);
  } catch (cause) {
    throw errors.DEMO_CARS_UNREADABLE({ path }, { cause });
  }
}

function carOfRow(row: Record<string, unknown>): Car {
  const { Name: name, Year: date, Origin: origin, Cylinders: cylinders } = row;
  if (typeof name !== "string" || typeof date !== "string" || typeof cylinders !== "number") {
    throw new TypeError(`not a car: ${JSON.stringify(row)}`);
  }
  if (typeof origin !== "string" || !isOrigin(origin)) {
    throw new TypeError(`unknown origin: ${JSON.stringify(row)}`);
  }
  const figures = Object.fromEntries(
    columnNames.map((column) => [column, figureOf(row, column)]),
  ) as Record<Column, number | null>;
  return { name, year: Number(date.slice(0, 4)), origin, cylinders, figures };
}

function figureOf(row: Record<string, unknown>, column: Column): number | null {
  const value = row[columnMeanings[column].source];
  return typeof value === "number" ? value : null;
}
