import {
  type Car,
  type Column,
  columnMeanings,
  columnNames,
  isColumn,
  isOrigin,
  origins,
} from "../cars/car.ts";
import { findCars, matchingCars, statisticOf, statistics } from "../cars/car-figures.ts";
import { errors } from "../errors.ts";
import type { ToolDefinition } from "../model/chat-protocol.ts";

/** What a tool gives back to the model. */
export interface ToolResult {
  readonly value: number | null;
  readonly unit: string;
  /** Number of cars that the figure rests on. */
  readonly cars: number;
}

export interface Tool {
  readonly definition: ToolDefinition;
  /** @throws DEMO_COLUMN_UNKNOWN, DEMO_CAR_NOT_FOUND, DEMO_NO_MATCH, DEMO_TOOL_ARGUMENTS */
  run(given: Readonly<Record<string, unknown>>, cars: readonly Car[]): ToolResult;
}

type Fields = Readonly<
  Record<string, { readonly type: string; readonly enum?: readonly string[] }>
>;

const YEAR = { type: "integer" } as const;
const ORIGIN = { type: "string", enum: origins } as const;
const COLUMN = { type: "string", enum: columnNames } as const;

const lookUpCar: Tool = {
  definition: define("look_up_car", "One figure of one car", {
    name: { type: "string" },
    year: YEAR,
    column: COLUMN,
  }),
  run(given, cars) {
    const { name } = given;
    if (typeof name !== "string") throw unusable("look_up_car", "name must be text");
    const column = columnOf(given);
    const [car] = findCars(cars, name, yearOf("look_up_car", given));
    const value = car?.figures[column] ?? null;
    return { value, unit: columnMeanings[column].unit, cars: 1 };
  },
};

const summarizeCars: Tool = {
  definition: define("summarize_cars", "Average, highest or lowest figure of a group of cars", {
    origin: ORIGIN,
    year: YEAR,
    column: COLUMN,
    statistic: { type: "string", enum: statistics },
  }),
  run(given, cars) {
    const column = columnOf(given);
    const statistic = statistics.find((known) => known === given["statistic"]);
    if (statistic === undefined) {
      throw unusable("summarize_cars", `statistic must be one of ${statistics.join(", ")}`);
    }
    const group = groupOf("summarize_cars", given, cars);
    return { ...statisticOf(group, column, statistic), unit: columnMeanings[column].unit };
  },
};

const countCars: Tool = {
  definition: define("count_cars", "How many cars of a group have a number of cylinders", {
    origin: ORIGIN,
    year: YEAR,
    cylinders: { type: "integer" },
  }),
  run(given, cars) {
    if ("column" in given) columnOf(given);
    const group = groupOf("count_cars", given, cars);
    const value = group.filter((car) => car.cylinders === given["cylinders"]).length;
    return { value, unit: "cars", cars: value };
  },
};

export const tools: ReadonlyMap<string, Tool> = new Map(
  [lookUpCar, summarizeCars, countCars].map((tool) => [tool.definition.function.name, tool]),
);

export const toolDefinitions: readonly ToolDefinition[] = [...tools.values()].map(
  (tool) => tool.definition,
);

function define(name: string, description: string, properties: Fields): ToolDefinition {
  const required = Object.keys(properties);
  const parameters = { type: "object", properties, required, additionalProperties: false };
  return { type: "function", function: { name, description, parameters } };
}

function columnOf(given: Readonly<Record<string, unknown>>): Column {
  const column = String(given["column"]);
  if (!isColumn(column)) throw errors.DEMO_COLUMN_UNKNOWN({ column, known: columnNames });
  return column;
}

function yearOf(tool: string, given: Readonly<Record<string, unknown>>): number {
  const { year } = given;
  if (typeof year !== "number") throw unusable(tool, "year must be a number");
  return year;
}

function groupOf(
  tool: string,
  given: Readonly<Record<string, unknown>>,
  cars: readonly Car[],
): readonly Car[] {
  const { origin } = given;
  if (typeof origin !== "string" || !isOrigin(origin)) {
    throw unusable(tool, `origin must be one of ${origins.join(", ")}`);
  }
  return matchingCars(cars, { origin, year: yearOf(tool, given) });
}

function unusable(tool: string, problem: string) {
  return errors.DEMO_TOOL_ARGUMENTS({ tool, problem });
}
