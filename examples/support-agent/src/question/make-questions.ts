import { type Car, type Column, columnMeanings, columnNames, origins } from "../cars/car.ts";
import {
  findCars,
  matchingCars,
  type Statistic,
  statisticOf,
  statistics,
} from "../cars/car-figures.ts";
import { errors } from "../errors.ts";
import type { ExpectedFacts, Question, QuestionKind } from "./question.ts";
import { chooseFrom, fractionOf } from "./seeded-choice.ts";

export const MAXIMUM_QUESTIONS = 100_000;

/** Of ten questions in a row five ask for one car, two for a statistic, one for a count, two for something else. */
const KINDS: readonly QuestionKind[] = [
  "lookup",
  "statistic",
  "out-of-scope",
  "lookup",
  "count",
  "lookup",
  "lookup",
  "out-of-scope",
  "statistic",
  "lookup",
];

const OFF_TOPIC: readonly string[] = [
  "What will the weather be like in Hamburg tomorrow?",
  "Can you book a table for two at eight?",
  "Which shares should I buy this week?",
  "Write a poem about the sea.",
  "How do I reset the password of my phone?",
  "What is the capital of Peru?",
];

const NOTHING_EXPECTED: ExpectedFacts = {
  inScope: false,
  tool: null,
  column: null,
  value: null,
  unit: null,
  plausibleRange: null,
};

/**
 * The questions of one run: the same count, seed and cars give the same questions.
 *
 * @param count 1 to 100,000
 * @throws DEMO_QUESTIONS when `count` is not a whole number in that range
 */
export function makeQuestions(
  cars: readonly Car[],
  count: number,
  seed: number,
): readonly Question[] {
  if (!Number.isInteger(count) || count < 1 || count > MAXIMUM_QUESTIONS) {
    throw errors.DEMO_QUESTIONS({ given: count, maximum: MAXIMUM_QUESTIONS });
  }
  const ranges = plausibleRanges(cars);
  const unambiguousCars = cars.filter(({ name, year }) => findCars(cars, name, year).length === 1);
  return Array.from({ length: count }, (_, index) => {
    const kind = KINDS[index % KINDS.length] as QuestionKind;
    const id = `q${String(index + 1).padStart(3, "0")}`;
    return { id, kind, ...makeQuestion(kind, { cars, unambiguousCars, ranges, seed, key: id }) };
  });
}

interface Source {
  readonly cars: readonly Car[];
  /** Those that their name and year tell from all others. */
  readonly unambiguousCars: readonly Car[];
  readonly ranges: Readonly<Record<Column, readonly [number, number]>>;
  readonly seed: number;
  readonly key: string;
}

type Draft = Pick<Question, "text" | "expected">;

function makeQuestion(kind: QuestionKind, source: Source): Draft {
  if (kind === "lookup") return lookupQuestion(source);
  if (kind === "statistic") return statisticQuestion(source);
  if (kind === "count") return countQuestion(source);
  return { text: pick(source, OFF_TOPIC, "topic"), expected: NOTHING_EXPECTED };
}

function lookupQuestion(source: Source): Draft {
  const column = pick(source, columnNames, "column");
  const candidates = source.cars.filter(
    (car) => car.figures[column] !== null && findCars(source.cars, car.name, car.year).length === 1,
  );
  const car = pick(source, candidates, "car");
  const { label } = columnMeanings[column];
  return {
    text: `What is the ${label} of the ${String(car.year)} ${car.name}?`,
    expected: facts(source, "look_up_car", column, car.figures[column]),
  };
}

function statisticQuestion(source: Source): Draft {
  const column = pick(source, columnNames, "column");
  const statistic: Statistic = pick(source, statistics, "statistic");
  const { origin, year } = pick(source, source.cars, "group");
  const { value } = statisticOf(matchingCars(source.cars, { origin, year }), column, statistic);
  const { label } = columnMeanings[column];
  return {
    text: `What is the ${statistic} ${label} among cars from ${origin} of ${String(year)}?`,
    expected: facts(source, "summarize_cars", column, value),
  };
}

function countQuestion(source: Source): Draft {
  const { year, cylinders } = pick(source, source.cars, "group");
  const origin = pick(source, origins, "origin");
  const matching = matchingCars(source.cars, { origin, year });
  const value = matching.filter((car) => car.cylinders === cylinders).length;
  return {
    text: `How many ${String(cylinders)}-cylinder cars from ${origin} of ${String(year)} do you list?`,
    expected: {
      inScope: true,
      tool: "count_cars",
      column: null,
      value,
      unit: "cars",
      plausibleRange: [0, source.cars.length],
    },
  };
}

function facts(source: Source, tool: string, column: Column, value: number | null): ExpectedFacts {
  const { unit } = columnMeanings[column];
  return { inScope: true, tool, column, value, unit, plausibleRange: source.ranges[column] };
}

function pick<Item>({ seed, key }: Source, items: readonly Item[], aspect: string): Item {
  return chooseFrom(items, seed, `${key}/${aspect}`);
}

function plausibleRanges(
  cars: readonly Car[],
): Readonly<Record<Column, readonly [number, number]>> {
  return Object.fromEntries(
    columnNames.map((column) => [
      column,
      [statisticOf(cars, column, "lowest").value, statisticOf(cars, column, "highest").value],
    ]),
  ) as unknown as Record<Column, readonly [number, number]>;
}

/** Name of the conversation that a question opens: stable over runs, so traces of two runs can be compared. */
export function conversationId(seed: number, question: Question): string {
  const suffix = Math.floor(fractionOf(seed, question.id) * 2 ** 32).toString(16);
  return `conversation-${question.id}-${suffix.padStart(8, "0")}`;
}
