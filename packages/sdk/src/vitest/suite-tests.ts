import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunDocument } from "@scouter/contracts";
import {
  type CompareOptions,
  compareRuns,
  EvalResults,
  type ReportInput,
  type Reporter,
  reportFiles,
  runReport,
  type RunReport,
  scenarioOutcome,
  type Suite,
} from "@scouter/evaluate";
import { beforeAll, describe, it, type TestContext } from "vitest";
import { evaluate, type EvaluateOptions } from "../offline/evaluate.ts";
import type { ScouterTestMeta } from "./test-meta.ts";

export interface SuiteTestsOptions extends Omit<EvaluateOptions, "suite"> {
  /** As `loadSuite` gives it. */
  readonly suite: Suite;
  /** The run that this one is compared with; without it a scenario's test fails when the scenario does. */
  readonly baseline?: RunDocument | EvalResults | undefined;
  readonly gate?: Partial<CompareOptions> | undefined;
  /** The comparison's test fails unless this is proved. */
  readonly require?: "non-inferior" | undefined;
  /** Of the whole run, default an hour. */
  readonly runTimeoutMs?: number | undefined;
  /** Where the evidence goes; nowhere by default. */
  readonly out?: string | undefined;
  /** Default json, junit and html. */
  readonly reporters?: readonly Reporter[] | undefined;
}

const HOUR_MS = 3_600_000;

/**
 * Makes a suite a `describe` with a test for every scenario, and one for the comparison when there is a baseline. The suite
 * runs once, with the concurrency and repeats of the options, before the first of them. With a baseline a scenario's test
 * fails only when the comparison does and the scenario got worse: a flaky one turns no build red.
 *
 * ```ts
 * suiteTests({ suite: await loadSuite("support.yaml"), agent: answer, repeats: 3, baseline });
 * ```
 */
export function suiteTests(options: SuiteTestsOptions): void {
  const { suite, baseline, gate, runTimeoutMs = HOUR_MS } = options;
  // oxlint-disable-next-line vitest/valid-title -- the names are the suite's
  describe(suite.name, () => {
    let report: RunReport | undefined;
    beforeAll(async () => {
      const { document: candidate } = await evaluate(options);
      const input: ReportInput =
        baseline === undefined
          ? { candidate }
          : {
              candidate,
              baseline: documentOf(baseline),
              comparison: compareRuns(documentOf(baseline), candidate, gate),
            };
      write(input, options);
      report = runReport(input);
    }, runTimeoutMs);

    for (const { id } of suite.scenarios) {
      // oxlint-disable-next-line vitest/valid-title -- the names are the suite's
      it(id, (context) => scenarioTest(context, suite.name, id, report));
    }
    if (baseline === undefined) return;
    it("is no worse than the baseline", (context) => gateTest(context, report, options));
  });
}

function scenarioTest(
  context: TestContext,
  suite: string,
  id: string,
  report: RunReport | undefined,
): void {
  const row = report?.scenarios.find((own) => own.id === id);
  if (report === undefined || row === undefined) throw new Error(`scenario '${id}' was not run`);
  tell(context, {
    suite,
    scenario: id,
    status: row.status,
    before: row.baseline?.passes ?? "",
    now: row.candidate?.passes ?? "",
  });
  const outcome = scenarioOutcome(row, report);
  if (outcome === null) return;
  if (outcome.element === "skipped") context.skip(outcome.message);
  throw new Error(`${outcome.message}\n${outcome.body}`);
}

function gateTest(
  context: TestContext,
  report: RunReport | undefined,
  { suite, require }: SuiteTestsOptions,
): void {
  if (report === undefined) throw new Error("the suite was not run");
  const { verdict, headline, reasons, notes } = report;
  tell(context, {
    suite: suite.name,
    scenario: null,
    status: verdict ?? "",
    before: "",
    now: "",
  });
  const isUnproved = require !== undefined && verdict !== require;
  if (verdict === "fail" || verdict === "invalid" || isUnproved) {
    throw new Error([headline, ...reasons, ...notes].join("\n"));
  }
}

function tell({ task }: TestContext, meta: ScouterTestMeta): void {
  task.meta.scouter = meta;
}

function write(input: ReportInput, { out, reporters }: SuiteTestsOptions): void {
  if (out === undefined) return;
  mkdirSync(out, { recursive: true });
  for (const { name, text } of reportFiles(input, reporters ?? ["json", "junit", "html"])) {
    writeFileSync(join(out, name), text);
  }
}

function documentOf(run: RunDocument | EvalResults): RunDocument {
  return run instanceof EvalResults ? run.document : run;
}
