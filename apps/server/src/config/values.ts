import type { Setting } from "./variable.ts";
import type { settings } from "./variables.ts";

type ValueOf<Row> =
  Row extends Setting<infer Value, infer Default>
    ? Default extends string
      ? Value
      : Value | undefined
    : never;
/** The value of every setting, as its schema reads it. */
export type Values = { readonly [Name in keyof typeof settings]: ValueOf<(typeof settings)[Name]> };
