import { inspect } from "node:util";

const levelNames: Readonly<Record<number, string>> = {
  10: "TRACE",
  20: "DEBUG",
  30: "INFO ",
  40: "WARN ",
  50: "ERROR",
  60: "FATAL",
};

/** Fields that every JSON line has and that a reader of the text does not need, or that stand at its front. */
const notRepeated: ReadonlySet<string> = new Set(["level", "time", "msg", "pid", "hostname"]);

/**
 * A JSON line of the logger as one line of text: time, level, message, then the other fields as `key=value`. A line
 * that is not JSON is passed on as it is.
 */
export function textLine(jsonLine: string): string {
  const fields = parse(jsonLine);
  if (fields === undefined) return jsonLine;
  const { time, level, msg } = fields;
  const clock = new Date(Number(time)).toISOString().slice(11, 23);
  const rest = Object.entries(fields)
    .filter(([key]) => !notRepeated.has(key))
    .map(([key, value]) => `${key}=${shown(value)}`);
  const name = levelNames[Number(level)] ?? String(level);
  return `${[clock, name, typeof msg === "string" ? msg : "", ...rest].join(" ")}\n`;
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    // Something else wrote to the stream; it is better shown than lost.
    return undefined;
  }
}

function shown(value: unknown): string {
  if (typeof value === "string") return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 6 });
}
