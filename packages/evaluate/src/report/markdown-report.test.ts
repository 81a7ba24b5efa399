import { expect, it } from "vitest";
import { comparisonMarkdown } from "./markdown-report.ts";
import { compareRuns } from "../compare/compare-runs.ts";
import { many, run } from "../compare/run.fixture.ts";

it("shows verdict, reasons, metrics and changed scenarios", () => {
  const comparison = compareRuns(run(many(6, "PP")), run({ ...many(5, "FF"), s5: "PJ" }), {
    maxMissing: 0.2,
  });
  const [shown = "", facts] = comparisonMarkdown(comparison).split("\n<details>");
  expect(facts).toContain("| pass&#64;k, pass^k | 100 %, 100 % at k = 2 | 0 %, 0 % at k = 2 |");
  expect(shown).toBe(`### Regression

- scenarios: pass rate fell from 100 % to 16.7 % (-83.3 points), p &lt;0.001

| metric | baseline | candidate | change | at worst | p | scenarios | verdict |
| --- | --- | --- | --- | --- | --- | --- | --- |
| scenarios | 100 % (61 % to 100 %) | 16.7 % (3 % to 56.4 %) | -83.3 points | -100 points | &lt;0.001 | 6 | fail |

| scenario | change | baseline | candidate |
| --- | --- | --- | --- |
| s0 | regressed | 2/2 | 0/2 |
| s1 | regressed | 2/2 | 0/2 |
| s2 | regressed | 2/2 | 0/2 |
| s3 | regressed | 2/2 | 0/2 |
| s4 | regressed | 2/2 | 0/2 |

- a drop of the scenario pass rate of 72.7 points would be found 4 times in 5
`);
});

it("keeps names from becoming markup, and stays short", () => {
  const wide = many(60, "P");
  const text = comparisonMarkdown(
    compareRuns(
      run({ "a|b <i> @all": "P", ...wide }),
      run({ "a|b <i> @all": "F", ...many(60, "F") }),
    ),
  );
  expect(text).toContain("| a\\|b &lt;i\\> &#64;all | regressed |");
  expect(text).toContain("and 11 more");
});
