import { type Column, columnMeanings, columnNames } from "../cars/car.ts";

/** The tool call that answers a question. */
export interface Intention {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

const LABELS = columnNames.map((column) => columnMeanings[column].label).join("|");
const LOOK_UP = new RegExp(
  `^What is the (?<label>${LABELS}) of the (?<year>\\d{4}) (?<name>.+)\\?$`,
);
const SUMMARIZE = new RegExp(
  `^What is the (?<statistic>average|highest|lowest) (?<label>${LABELS}) among cars from (?<origin>\\w+) of (?<year>\\d{4})\\?$`,
);
const COUNT =
  /^How many (?<cylinders>\d)-cylinder cars from (?<origin>\w+) of (?<year>\d{4}) do you list\?$/;

/** What the model makes of a question: the fixed phrases that customers of the demo use. Undefined: not about cars. */
export function understandQuestion(text: string): Intention | undefined {
  const lookUp = LOOK_UP.exec(text)?.groups;
  if (lookUp !== undefined) {
    const { label = "", name = "", year } = lookUp;
    return {
      tool: "look_up_car",
      arguments: { name, year: Number(year), column: columnOf(label) },
    };
  }
  const summarize = SUMMARIZE.exec(text)?.groups;
  if (summarize !== undefined) {
    const { label = "", statistic = "", origin = "", year } = summarize;
    return {
      tool: "summarize_cars",
      arguments: { origin, year: Number(year), column: columnOf(label), statistic },
    };
  }
  const count = COUNT.exec(text)?.groups;
  if (count === undefined) return undefined;
  const { origin = "", year, cylinders } = count;
  return {
    tool: "count_cars",
    arguments: { origin, year: Number(year), cylinders: Number(cylinders) },
  };
}

function columnOf(label: string): Column {
  return columnNames.find((column) => columnMeanings[column].label === label) as Column;
}
