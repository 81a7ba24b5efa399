import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compareRuns } from "../compare/compare-runs.ts";
import type { RunComparison } from "../compare/comparison.ts";
import { many, run } from "../compare/run.fixture.ts";
import { htmlReport } from "./html/html-report.ts";
import { junitReport } from "./junit-report.ts";
import { readReporters, type Reporter, reportFiles, reporters } from "./report-files.ts";
import { reportedRuns } from "./report.fixture.ts";
import { runReport } from "./run-report.ts";

const runs = reportedRuns();
const options = {
  maxMissing: 0.05,
  quarantine: [{ scenario: "known-trouble", owner: "the support team", expires: "2026-04-01" }],
};
const comparison = compareRuns(runs.baseline, runs.candidate, options);
const files = reportFiles({ comparison, ...runs }, reporters);

/** Written anew with SCOUTER_GOLDEN=write: then look at the difference. Byte for byte: snapshots forgive blanks. */
function expectGolden(name: string, text: string): void {
  const file = new URL(`golden/${name}`, import.meta.url);
  if (process.env["SCOUTER_GOLDEN"] === "write") writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, "utf8"));
}

describe("reportFiles", () => {
  it.each(["comparison.json", "junit.xml", "report.md", "report.html"])(
    "%s is as it was",
    (name) => {
      expectGolden(name, files.find((own) => own.name === name)?.text ?? "");
    },
  );

  it("of a run alone is as it was", () => {
    for (const { name, text } of reportFiles({ candidate: runs.candidate }, [
      "junit",
      "markdown",
    ])) {
      expectGolden(`alone-${name}`, text);
    }
  });

  it("makes what is asked for, once", () => {
    const names = (wanted: readonly Reporter[]) =>
      reportFiles({ comparison, ...runs }, wanted).map(({ name }) => name);
    expect(names([])).toEqual([]);
    expect(names(["table", "html", "html"])).toEqual(["report.html"]);
    expect(names(["json"])).toEqual(["results.json", "comparison.json"]);
    expect(reportFiles({ candidate: runs.candidate }, ["json"])).toHaveLength(1);
    expect(reportFiles({ comparison }, ["json"]).map(({ name }) => name)).toEqual([
      "comparison.json",
    ]);
    expect(JSON.parse(files[0]?.text ?? "")).toEqual(runs.candidate);
  });
});

describe("the same numbers in all", () => {
  const numbers = comparison.metrics.find(({ id }) => id === "scenarios");

  it.each(["junit.xml", "report.md", "report.html"])("%s", (name) => {
    const text = files.find((own) => own.name === name)?.text ?? "";
    const row = runReport({ comparison, ...runs }).metrics.find(({ id }) => id === "scenarios");
    expect(numbers?.candidateRate).not.toBeNull();
    for (const value of Object.values(row!.cells).filter((own) => own !== "-" && own !== "")) {
      // Markup escapes what it must; the numbers themselves stay.
      expect(text.replaceAll("&lt;", "<").replaceAll("\\", "")).toContain(value);
    }
  });
});

describe("junitReport", () => {
  const counts = (compared: RunComparison, candidate = runs.candidate) => {
    const xml = junitReport(runReport({ comparison: compared, candidate }));
    return /failures="(\d+)" errors="(\d+)" skipped="(\d+)"/.exec(xml)?.slice(1).map(Number);
  };

  it("has failures when the verdict is fail, and no others", () => {
    // One gated metric, eleven scenarios that passed less often or are gone.
    expect(comparison.verdict).toBe("fail");
    expect(counts(comparison)?.[0]).toBeGreaterThan(9);
    const calm = compareRuns(run(many(60, "PP")), run({ ...many(60, "PP"), s0: "FF", s1: "PF" }));
    expect(calm.verdict).not.toBe("fail");
    expect(counts(calm, run({ ...many(60, "PP"), s0: "FF" }))).toEqual([0, 0, 0]);
  });

  it("has errors, no failures, when too little is known", () => {
    const after = run({ ...many(10, "P"), s0: "J", s1: "J" });
    const unknown = compareRuns(run(many(10, "P")), after);
    expect(unknown.verdict).toBe("invalid");
    expect(counts(unknown, after)).toEqual([0, 3, 0]);
  });

  it("has no characters that XML lacks", () => {
    const xml = files.find(({ name }) => name === "junit.xml")?.text ?? "";
    expect(xml.replaceAll(/[\n\t]/g, "")).not.toMatch(/[\p{Cc}\p{Cs}]/u);
    expect(xml).not.toContain("<script>");
  });
});

describe("htmlReport", () => {
  it("escapes everything, runs nothing and fetches nothing", () => {
    const page = htmlReport(runReport({ comparison, ...runs }));
    expect(page).not.toMatch(/<script|<img|<link|src=["']?http|url\(/i);
    expect(page).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
    expect(page).toContain("default-src 'none'");
  });

  it("keeps a page of a large suite small enough to open, and says what it left out", () => {
    const wide = run(many(4000, "P"));
    const page = htmlReport(runReport({ candidate: wide }));
    expect(page).toContain("and 1000 more scenarios");
    expect(page.length).toBeLessThan(3_000_000);
  });
});

describe("readReporters", () => {
  it("reads a list, and names what it does not know", () => {
    expect(readReporters("table, html,")).toEqual(["table", "html"]);
    expect(() => readReporters("table,xml")).toThrow("unknown reporter 'xml': expected table");
  });
});
