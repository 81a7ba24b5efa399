/** One field of a schedule: its range, and the names that stand for numbers. */
export interface CronField {
  readonly name: string;
  readonly lowest: number;
  readonly highest: number;
  readonly names?: Readonly<Record<string, number>>;
  /** `?` means `*`. */
  readonly questionMark?: boolean;
}

export interface FieldValues {
  /** Ascending, at least one. */
  readonly values: readonly number[];
  /** False when the field begins with `*` (or is `?`): standard cron then ignores it beside the other day field. */
  readonly restricted: boolean;
}

/** What is wrong with a field: the part at fault and what is allowed in its place. */
export interface FieldProblem {
  readonly given: string;
  readonly allowed: string;
}

const NUMBER = /^\d{1,4}$/;

/**
 * Reads `*`, `n`, `a-b`, `x/step` and comma lists of them. A step after a number counts from it to the field's end;
 * ranges do not wrap round; a single name takes no step.
 */
export function parseCronField(field: CronField, text: string): FieldValues | FieldProblem {
  if (text === "?" && field.questionMark === true) return everyValue(field);
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const found = parsePart(field, part);
    if ("given" in found) return found;
    for (let value = found.from; value <= found.to; value += found.step) values.add(value);
  }
  const restricted = !text.startsWith("*");
  return { values: [...values].sort((a, b) => a - b), restricted };
}

function everyValue({ lowest, highest }: CronField): FieldValues {
  const values = Array.from({ length: highest - lowest + 1 }, (_, i) => lowest + i);
  return { values, restricted: false };
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

function parsePart(field: CronField, part: string): Span | FieldProblem {
  const [range = "", stepText, ...rest] = part.split("/");
  if (rest.length > 0 || range === "") return { given: part, allowed: allowedIn(field) };
  const span = parseRange(field, range);
  if ("given" in span || stepText === undefined) return span;
  const step = NUMBER.test(stepText) ? Number(stepText) : 0;
  if (step < 1 || step > field.highest) {
    return { given: part, allowed: `a step of 1 to ${field.highest} after '/'` };
  }
  const isSingle = range !== "*" && !range.includes("-");
  if (isSingle && !NUMBER.test(range)) {
    return { given: part, allowed: "a number, a range or '*' before '/'" };
  }
  return { ...span, to: isSingle ? field.highest : span.to, step };
}

function parseRange(field: CronField, range: string): Span | FieldProblem {
  if (range === "*") return { from: field.lowest, to: field.highest, step: 1 };
  const ends = range.split("-");
  const from = parseValue(field, ends[0] as string);
  const to = ends.length === 1 ? from : parseValue(field, ends[1] as string);
  if (ends.length > 2 || from === undefined || to === undefined) {
    return { given: range, allowed: allowedIn(field) };
  }
  if (from > to) return { given: range, allowed: "a range from the lower to the higher value" };
  return { from, to, step: 1 };
}

function parseValue(field: CronField, text: string): number | undefined {
  if (!NUMBER.test(text)) return field.names?.[text.toLowerCase()];
  const value = Number(text);
  return value >= field.lowest && value <= field.highest ? value : undefined;
}

function allowedIn({ lowest, highest, names }: CronField): string {
  const [first, last] = [names, names]
    .map((table) => Object.keys(table ?? {}).filter((name) => name.length === 3))
    .map((short, i) => short.at(i === 0 ? 0 : -1)?.toUpperCase());
  const named = first === undefined ? "" : ` or ${first}-${last}`;
  return `${lowest}-${highest}${named}, '*', ranges a-b, steps x/n, lists`;
}
