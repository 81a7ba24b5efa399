import { defineErrors } from "@scouter/contracts";

export const errors = defineErrors({
  MODEL_DEMO_WEATHER_UNREADABLE: {
    kind: "unavailable",
    message: (p: { path: string }) => `'${p.path}' cannot be read as a list of days and weather`,
    remedy: "install the package vega-datasets again (npm ci)",
  },
  MODEL_DEMO_FIT_IMPOSSIBLE: {
    kind: "invalid",
    message: (p: { rows: number; columns: number }) =>
      `no regression through ${p.rows} rows of ${p.columns} columns: the columns depend on each other`,
    remedy: "leave out a column that the others determine, or give more rows",
  },
  MODEL_DEMO_NOT_DELIVERED: {
    kind: "unavailable",
    message: (p: { sent: number; reason: string }) =>
      `the server did not store all of the last ${p.sent} observations: ${p.reason}`,
    remedy: "look into the server's log, then run the demo again",
  },
});
