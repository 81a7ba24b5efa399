import { expect, it } from "vitest";
import { figureRow, suiteNames } from "./figures.mjs";

it("takes every file of the folder as a suite, but not the index", () => {
  expect(suiteNames(["smoke.ts", "index.ts", "queue.ts", "load", "smoke.test.ts"])).toEqual([
    "queue",
    "smoke",
  ]);
});

it.each([
  [{ name: "start_s", value: 2.5, unit: "s", better: "lower", target: 3 }, "target <= 3: met"],
  [{ name: "start_s", value: 3.5, unit: "s", better: "lower", target: 3 }, "target <= 3: MISSED"],
  [{ name: "rate", value: 9, unit: "/s", better: "higher", target: 1000 }, ">= 1,000: MISSED"],
  [{ name: "rate", value: 1000, unit: "/s", better: "higher", target: 1000 }, ">= 1,000: met"],
  [{ name: "rss_mb", value: 120.25, unit: "MB" }, "120.3 MB"],
])("%j", (figure, end) => {
  const row = figureRow(JSON.stringify(figure));
  expect(row.startsWith(figure.name)).toBe(true);
  expect(row.endsWith(end)).toBe(true);
});

it.each(["starting the server", "{broken", "[1]", "null"])("leaves '%s' alone", (line) => {
  expect(figureRow(line)).toBe(line);
});
