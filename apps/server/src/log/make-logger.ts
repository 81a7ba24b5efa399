import pino, { type DestinationStream, type Logger } from "pino";
import type { LogConfig } from "../config/config.ts";
import { textLine } from "./text-line.ts";

export type { Logger } from "pino";

/** Keys whose values never reach the log, at the first three depths. */
const SECRET_KEYS = ["authorization", "cookie", "password", "token", "uri", "apiKey"];

/** @param output gets whole lines; standard output unless given. */
export function makeLogger(config: LogConfig, output: DestinationStream = process.stdout): Logger {
  const paths = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  const destination = config.json
    ? output
    : { write: (line: string) => output.write(textLine(line)) };
  return pino({ level: config.level, redact: { paths, censor: "(hidden)" } }, destination);
}
