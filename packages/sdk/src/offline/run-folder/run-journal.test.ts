import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runRepeat } from "@scouter/contracts";
import { suiteOf } from "@scouter/evaluate";
import { repeatStoreContract } from "@scouter/testkit/contract/repeat-store";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { EvalOrchestrator } from "../eval-orchestrator.ts";
import { RunJournal } from "./run-journal.ts";
import { writeResults } from "./write-results.ts";

let parent = "";
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), "scouter-journal-"));
});
afterAll(() => rmSync(parent, { recursive: true }));

const plan = { suite: "sha256:1", seed: 1, repeats: 2, agent: "a" };
const passed = runRepeat.parse({ outcome: "passed" });

function open(name: string, changes: object = {}) {
  const folder = join(parent, name);
  const begun = { folder, plan, runId: "r1", createdAtMs: 5, resume: true };
  return RunJournal.open({ ...begun, ...changes });
}

async function withOne(name: string): Promise<void> {
  const journal = await open(name);
  await journal.add(0, 0, passed);
  await journal.close();
}

describe("RunJournal", () => {
  const opened: RunJournal[] = [];
  afterEach(async () => {
    for (const journal of opened.splice(0)) await journal.close();
  });
  repeatStoreContract(async () => {
    const journal = await open(`contract-${Math.random()}`);
    opened.push(journal);
    return journal;
  });

  it("goes on with what was finished, under the run's first id", async () => {
    await withOne("again");
    const again = await open("again", { runId: "r2" });
    expect(again.head).toMatchObject({ run_id: "r1", created_at_ms: 5 });
    expect([again.resumed, again.has(0, 0), again.has(0, 1)]).toEqual([1, true, false]);
    expect(await again.read(0, 0)).toEqual(passed);
    await again.add(3, 1, { ...passed, outcome: "failed" });
    expect(again.tally).toMatchObject({ repeats: 2, passed: 1, failed: 1 });
    expect(await again.read(3, 1)).toMatchObject({ outcome: "failed" });
    await again.close();
  });

  it("drops the line that a killed process left unfinished", async () => {
    await withOne("torn");
    const file = join(parent, "torn", "journal.jsonl");
    const whole = readFileSync(file, "utf8");
    appendFileSync(file, '{"scenario":1,"repeat":0,"resu');
    const again = await open("torn");
    expect(again.resumed).toBe(1);
    await again.close();
    expect(readFileSync(file, "utf8")).toBe(whole);
  });

  it("begins anew where a process ended before its first line was whole", async () => {
    await withOne("head");
    writeFileSync(join(parent, "head", "journal.jsonl"), '{"format":');
    const again = await open("head", { runId: "r2" });
    expect([again.resumed, again.head.run_id]).toEqual([0, "r2"]);
    await again.close();
  });

  it.each([
    ["not asked to go on", { resume: false }, "it holds a run that did not come to its end"],
    ["another seed", { plan: { ...plan, seed: 2 } }, "another run: seed was 1, is 2"],
    ["another suite", { plan: { ...plan, suite: "x" } }, "the suite is not as it was"],
  ])("refuses a folder: %s", async (name, changes, message) => {
    await withOne(name);
    await expect(open(name, changes)).rejects.toThrow(message);
  });

  it("names the line that is damaged", async () => {
    await withOne("damaged");
    appendFileSync(join(parent, "damaged", "journal.jsonl"), "{}\n");
    await expect(open("damaged")).rejects.toThrow("line 3 of journal.jsonl is damaged");
  });

  it("ends a run that was interrupted with the same bytes as one that was not", async () => {
    const suite = suiteOf(
      Array.from({ length: 40 }, (_, index) => ({ id: `s${index}`, initial_query: `${index}` })),
    );
    const clock = { now: () => 0, monotonicMs: () => 0, sleep: () => new Promise<void>(() => {}) };
    const run = async (name: string, stopAfter: number) => {
      const journal = await open(name, { plan: { ...plan, repeats: 3 } });
      const stop = new AbortController();
      try {
        const { header, store } = await new EvalOrchestrator({
          suite,
          clock,
          repeats: 3,
          seed: 7,
          runId: journal.head.run_id,
          createdAtMs: journal.head.created_at_ms,
          store: journal,
          signal: stop.signal,
          agent: (message, { seed }) => `${message} ${seed % 100}`,
          onRepeat: ({ tally }) => {
            if (tally.repeats >= stopAfter) stop.abort(new Error("killed"));
          },
        }).runToStore();
        const file = await writeResults(join(parent, name), { suite, header, store, repeats: 3 });
        return readFileSync(file, "utf8");
      } finally {
        await journal.close();
      }
    };
    const whole = await run("whole", Number.POSITIVE_INFINITY);
    await expect(run("cut", 17)).rejects.toThrow("killed");
    await expect(run("cut", 63)).rejects.toThrow("killed");
    expect(await run("cut", Number.POSITIVE_INFINITY)).toBe(whole);
  });
});
