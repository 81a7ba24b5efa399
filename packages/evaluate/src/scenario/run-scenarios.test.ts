import { runRepeat, systemClock } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { compileSuite } from "../suite/compile-suite.ts";
import { suiteOf } from "../suite/read-suite.ts";
import { MemoryRepeatStore } from "./repeat-store.ts";
import { runDocumentOf, runHeader } from "./run-document-of.ts";
import { runScenarios, type RepeatJob, type RunScenariosOptions } from "./run-scenarios.ts";

const suite = compileSuite(suiteOf(["a", "b", "c"].map((id) => ({ id, initial_query: id }))));

function started(options: Partial<RunScenariosOptions> = {}) {
  const ran: string[] = [];
  const store = options.store ?? new MemoryRepeatStore();
  const conduct = async ({ scenario, repeat }: RepeatJob) => {
    ran.push(`${scenario.id}${repeat}`);
    return {
      scenario,
      end: { kind: "answered" as const, response: "" },
      exchanges: [],
      records: new Map(),
      spans: [],
      startedAtMs: 0,
      durationMs: 0,
      simulatedUser: { calls: 1, cost_usd: 0.1, saved_calls: 0 },
    };
  };
  const end = runScenarios({
    suite,
    conduct,
    store,
    ports: { clock: systemClock },
    repeats: 2,
    concurrency: 1,
    seed: 1,
    ...options,
  });
  return { end, ran, store };
}

describe("runScenarios", () => {
  it("runs round by round: a run that is cut has seen every scenario", async () => {
    const { end, ran } = started();
    expect(await end).toEqual({ repeats: 2, stopped: undefined });
    expect(ran).toEqual(["a0", "b0", "c0", "a1", "b1", "c1"]);
  });

  it("does not run again what is there", async () => {
    const store = new MemoryRepeatStore();
    await store.add(1, 0, runRepeat.parse({ outcome: "passed" }));
    const { end, ran } = started({ store });
    await end;
    expect(ran).toEqual(["a0", "c0", "a1", "b1", "c1"]);
  });

  it("begins nothing once the budget is spent; what was not run is missing and says why", async () => {
    const { end, ran, store } = started({ budgetUsd: 0.35 });
    expect(await end).toEqual({
      repeats: 2,
      stopped: { reason: "the budget of 0.35 USD is spent", not_run: 2 },
    });
    expect(ran).toHaveLength(4);
    const identity = { runId: "r", createdAtMs: 0, repeats: 2, seed: 1 };
    const header = { ...runHeader(suite.suite, identity), stopped: (await end).stopped };
    const document = await runDocumentOf(suite.suite, header, store, 2);
    expect(document.scenarios[2]?.repeats[1]).toMatchObject({
      outcome: "errored",
      error_source: "harness",
      error: "this repeat was not run: the budget of 0.35 USD is spent",
    });
  });

  it("ends after the round that is enough", async () => {
    const { end, ran } = started({ repeats: 5, isEnough: async (repeats) => repeats === 2 });
    expect(await end).toEqual({ repeats: 2, stopped: undefined });
    expect(ran).toHaveLength(6);
  });

  it("tells of each repeat with what is known so far", async () => {
    const told: string[] = [];
    const { end } = started({
      repeats: 1,
      onRepeat: ({ tally, planned, job }) => {
        told.push(`${job.scenario.id} ${tally.repeats}/${planned} ${tally.costUsd.toFixed(1)}`);
      },
    });
    await end;
    expect(told).toEqual(["a 1/3 0.1", "b 2/3 0.2", "c 3/3 0.3"]);
  });

  it("never has more repeats under way than it may, and uses what it may", async () => {
    let [now, most] = [0, 0];
    const { end } = started({
      repeats: 4,
      concurrency: 3,
      conduct: async ({ scenario }) => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
        return {
          scenario,
          end: { kind: "answered", response: "" },
          exchanges: [],
          records: new Map(),
          spans: [],
          startedAtMs: 0,
          durationMs: 0,
        };
      },
    });
    await end;
    expect(most).toBe(3);
  });

  it.each([
    [{ repeats: 0 }, "option repeats of a run is 0"],
    [{ concurrency: 1.5 }, "option concurrency of a run is 1.5"],
  ])("refuses %j", async (options, message) => {
    await expect(started(options).end).rejects.toThrow(message);
  });
});
