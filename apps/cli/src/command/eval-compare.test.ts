import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reporters } from "@scouter/evaluate";
import { testTerminal } from "../../test/test-terminal.ts";
import { main } from "../main.ts";
import { REPORTER_NAMES } from "./eval-report.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "scouter-compare-"));
  save("good.json", "passed");
  save("bad.json", "failed");
  writeFileSync(join(folder, "broken.json"), "{");
  writeFileSync(join(folder, "other.json"), "{}");
  const held = Array.from({ length: 10 }, (_, index) => ({
    scenario: `s${String(index)}`,
    owner: "the agent team",
    expires: "2026-03-31",
  }));
  writeFileSync(join(folder, "held.json"), JSON.stringify({ quarantine: held }));
  writeFileSync(join(folder, "unheld.json"), JSON.stringify({ quarantine: [{ scenario: "s0" }] }));
});
afterAll(() => rmSync(folder, { recursive: true }));

function save(file: string, outcome: string): void {
  const scenarios = Array.from({ length: 10 }, (_, index) => ({
    id: `s${String(index)}`,
    repeats: [{ outcome }],
  }));
  const fields = { format: "scouter-run", version: 1, run_id: file, suite: { name: "support" } };
  const run = { ...fields, created_at: "2026-03-01T10:00:00Z", scenarios };
  writeFileSync(join(folder, file), JSON.stringify(run));
}

const inFolder = (name: string) => join(folder, name);

async function compare(baseline: string, candidate: string, ...words: readonly string[]) {
  const terminal = testTerminal({ env: {} });
  const files = [baseline, candidate].map((file) => join(folder, file));
  const code = await main(["eval", "compare", ...files, ...words], terminal);
  return { code, out: terminal.stdout(), err: terminal.stderr() };
}

it("says what a quarantine lacks, and where a folder cannot be", async () => {
  const lacking = await compare("good.json", "good.json", "--quarantine", inFolder("unheld.json"));
  expect([lacking.code, lacking.err.includes("quarantine.0.owner")]).toEqual([2, true]);
  const blocked = await compare(
    "good.json",
    "good.json",
    "--reporter",
    "html",
    "--out",
    inFolder("good.json"),
  );
  expect([blocked.code, blocked.err.includes("cannot write reports to")]).toEqual([2, true]);
});

describe("eval compare", () => {
  it.each([
    ["the same run", "good.json", "good.json", [], 0, "verdict: no-regression-found"],
    ["a worse run", "good.json", "bad.json", [], 1, "verdict: fail"],
    ["a better run", "bad.json", "good.json", ["--mode", "strict"], 0, "improved"],
    ["no proof", "good.json", "good.json", ["--require", "non-inferior"], 1, "no-regression-found"],
    ["Markdown", "good.json", "bad.json", ["--markdown"], 1, "### Regression"],
  ])("%s", async (_, baseline, candidate, words, code, text) => {
    const run = await compare(baseline, candidate, ...words);
    expect([run.code, run.err]).toEqual([code, ""]);
    expect(run.out).toContain(text);
  });

  it("writes the files of reporters, and prints the table only when it is asked for", async () => {
    const out = inFolder("made/here");
    const run = await compare(
      "good.json",
      "bad.json",
      "--reporter",
      "json,junit,markdown,html",
      "--out",
      out,
    );
    expect([run.code, run.out, run.err]).toEqual([1, "", ""]);
    expect(readdirSync(out).toSorted()).toEqual([
      "comparison.json",
      "junit.xml",
      "report.html",
      "report.md",
      "results.json",
    ]);
    expect(JSON.parse(readFileSync(join(out, "comparison.json"), "utf8"))).toMatchObject({
      verdict: "fail",
      candidate: { runId: "bad.json" },
    });
    const both = await compare("good.json", "bad.json", "--reporter", "table,html", "--out", out);
    expect(both.out).toContain("verdict: fail");
  });

  it("leaves scenarios in quarantine out of the verdict", async () => {
    const words = ["--quarantine", inFolder("held.json")];
    const held = await compare("good.json", "bad.json", ...words);
    // Nothing is left that could be compared.
    expect(held.code).toBe(3);
    expect(held.out).toContain("in quarantine until 2026-03-31");
  });

  it("knows the reporters there are", () => {
    expect(REPORTER_NAMES).toEqual(reporters);
  });

  it("prints the comparison as one document", async () => {
    const { code, out } = await compare("good.json", "bad.json", "--json", "--threshold", "1");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      format: "scouter-comparison",
      version: 1,
      regressionThreshold: 1,
    });
  });

  it.each([
    ["a file that is missing", "none.json", [], "cannot read a run from"],
    ["text that is no JSON", "broken.json", [], "cannot read a run from"],
    ["another document", "other.json", [], "is no saved run: format:"],
    ["an unknown mode", "good.json", ["--mode", "x"], "Allowed choices are statistical"],
    ["an unknown reporter", "good.json", ["--reporter", "xml"], "'xml' is none of table, json"],
    ["reporters without a folder", "good.json", ["--reporter", "html"], "name a folder with --out"],
    [
      "a quarantine that is missing",
      "good.json",
      ["--quarantine", "none"],
      "cannot read a quarantine",
    ],
    ["a share above 1", "good.json", ["--threshold", "5"], "a number from 0 to 1"],
  ])("refuses %s with exit code 2", async (_, candidate, words, message) => {
    const { code, err } = await compare("good.json", candidate, ...words);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
