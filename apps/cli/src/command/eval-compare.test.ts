import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testTerminal } from "../../test/test-terminal.ts";
import { main } from "../main.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "scouter-compare-"));
  save("good.json", "passed");
  save("bad.json", "failed");
  writeFileSync(join(folder, "broken.json"), "{");
  writeFileSync(join(folder, "other.json"), "{}");
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

async function compare(baseline: string, candidate: string, ...words: readonly string[]) {
  const terminal = testTerminal({ env: {} });
  const files = [baseline, candidate].map((file) => join(folder, file));
  const code = await main(["eval", "compare", ...files, ...words], terminal);
  return { code, out: terminal.stdout(), err: terminal.stderr() };
}

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
    ["a share above 1", "good.json", ["--threshold", "5"], "a number from 0 to 1"],
  ])("refuses %s with exit code 2", async (_, candidate, words, message) => {
    const { code, err } = await compare("good.json", candidate, ...words);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
