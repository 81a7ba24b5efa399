import { errors } from "../errors.ts";
import { htmlReport } from "./html/html-report.ts";
import { junitReport } from "./junit-report.ts";
import { markdownReport } from "./markdown-report.ts";
import { type ReportInput, runReport } from "./run-report.ts";

/** `table` is for the terminal; every other one is a file. */
export const reporters = ["table", "json", "junit", "markdown", "html"] as const;
export type Reporter = (typeof reporters)[number];

export interface ReportFile {
  /** Without a folder. */
  readonly name: string;
  readonly text: string;
}

/**
 * The files of a report: `results.json` and `comparison.json` (json), `junit.xml`, `report.md`, `report.html`. All say the
 * same. `table` makes no file; `comparison.json` needs a comparison.
 */
export function reportFiles(
  input: ReportInput,
  wanted: readonly Reporter[],
): readonly ReportFile[] {
  const report = runReport(input);
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const makers: Readonly<Record<Reporter, () => readonly ReportFile[]>> = {
    table: () => [],
    json: () => [
      ...(input.candidate === undefined
        ? []
        : [{ name: "results.json", text: json(input.candidate) }]),
      ...(input.comparison === undefined
        ? []
        : [{ name: "comparison.json", text: json(input.comparison) }]),
    ],
    junit: () => [{ name: "junit.xml", text: junitReport(report) }],
    markdown: () => [{ name: "report.md", text: markdownReport(report) }],
    html: () => [{ name: "report.html", text: htmlReport(report) }],
  };
  return [...new Set(wanted)].flatMap((reporter) => makers[reporter]());
}

/**
 * A list as the command line gives it: names separated by commas.
 *
 * @throws EVALUATE_REPORTER_UNKNOWN
 */
export function readReporters(list: string): readonly Reporter[] {
  return list
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "")
    .map((word) => {
      const known = reporters.find((own) => own === word);
      if (known === undefined) {
        throw errors.EVALUATE_REPORTER_UNKNOWN({ given: word, allowed: reporters.join(", ") });
      }
      return known;
    });
}
