export type * from "./span/span-row.ts";
export type * from "./otlp/decoded-export.ts";
