import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunDocument } from "@scouter/contracts";
import type { RunComparison } from "@scouter/evaluate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testTerminal } from "../../test/test-terminal.ts";
import { main } from "../main.ts";

// The example whole: its suite, its agent of two parts and its local model, as a build runs them.

const workingFolder = new URL("../../../../examples/help-desk/", import.meta.url).pathname;
let folder = "";
let baseline = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "scouter-help-desk-"));
  baseline = join(folder, "main", "results.json");
  const { code } = await run("src/agent.ts", "--repeat", "3", "--out", join(folder, "main"));
  expect(code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(agent: string, ...words: readonly string[]) {
  const terminal = testTerminal({ env: {}, workingFolder });
  const given = ["suite.yaml", "--agent", agent, "--concurrency", "8"];
  const code = await main(["eval", "run", ...given, ...words], terminal);
  return { code, out: terminal.stdout(), err: terminal.stderr() };
}

async function compared(agent: string, ...words: readonly string[]) {
  const { code, out } = await run(agent, "--baseline", baseline, "--json", ...words);
  return { code, comparison: JSON.parse(out) as RunComparison };
}

function gated({ metrics }: RunComparison): Record<string, string> {
  const own = metrics.filter((metric) => metric.gated);
  return Object.fromEntries(own.map(({ id, verdict }) => [id, verdict]));
}

describe("the help desk", () => {
  it("has more than 60 scenarios, each with its records and spans", () => {
    const { scenarios } = JSON.parse(readFileSync(baseline, "utf8")) as RunDocument;
    expect(scenarios.length).toBeGreaterThan(60);
    for (const { repeats } of scenarios) {
      expect(repeats).toHaveLength(3);
      for (const { aliases, spans } of repeats) {
        expect(aliases).toMatchObject({ retriever: { records: 1 }, writer: { records: 1 } });
        // Both may begin within the clock's tick: which comes first is not told.
        expect(spans?.map(({ name }) => name).toSorted()).toEqual([
          "answer customer",
          "search articles",
        ]);
      }
    }
  });

  it.each([2, 3, 4])("does not fail unchanged, with seed %i", async (seed) => {
    const { code } = await compared("src/agent.ts", "--seed", String(seed));
    expect(code).toBe(0);
  });

  it("is proved to be no worse with 3 repeats; what is flaky is marked and decides nothing", async () => {
    const words = ["--repeat", "3", "--seed", "5", "--require", "non-inferior"];
    const { code, comparison } = await compared("src/agent.ts", ...words);
    expect(code).toBe(0);
    expect(gated(comparison)).toEqual({
      scenarios: "non-inferior",
      "alias:retriever": "non-inferior",
      "alias:writer": "non-inferior",
    });
    const blinking = comparison.scenarios.find((own) => own.scenario === "lamp-blinks");
    expect(blinking?.status).toBe("flaky");
  });

  it("fails with a prompt that was shortened, and names the part that got worse", async () => {
    const { code, comparison } = await compared("src/agent.ts#withShortenedPrompt");
    expect(code).toBe(1);
    expect(gated(comparison)).toMatchObject({
      "alias:retriever": "fail",
      "alias:writer": "non-inferior",
    });
    expect(comparison.reasons.join()).toContain("alias:retriever");
  });

  it("repeats no more than the decision needs, and says at which look it fell", async () => {
    const out = join(folder, "grown");
    const words = ["--max-repeat", "5", "--out", out];
    const { code } = await compared("src/agent.ts#withShortenedPrompt", ...words);
    expect(code).toBe(1);
    const run = JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as RunDocument;
    expect(run.early_stop).toMatchObject({ look: 0, max_repeat: 5, baseline_repeats: 3 });
    expect(run.scenarios.every(({ repeats }) => repeats.length === 1)).toBe(true);
  });

  it("has no verdict while the model is out of order", async () => {
    const { code, comparison } = await compared("src/agent.ts#withoutModel");
    expect([code, comparison.verdict]).toEqual([3, "invalid"]);
  });
});
