import type { JsonObject } from "@scouter/contracts";
import type { Database, EvalRunEntry, EvalRunToStore } from "@scouter/database";

/** Offline runs in memory, numbered from 1; what needs the database itself is tested with a real one. */
export function fakeEvalRuns(): Database["evalRuns"] {
  const runs: EvalRunToStore[] = [];
  const names = new Map<
    string,
    { readonly name: string; readonly id: number; readonly by: string }
  >();
  const time = "2026-01-01T00:00:00.000000Z";
  const entryOf = (id: number): EvalRunEntry | undefined => {
    const run = runs[id - 1];
    if (run === undefined) return undefined;
    const { space, runId, suite, summary } = run;
    return { id, space, runId, suite, createdAt: time, receivedAt: time, summary, baselines: [] };
  };
  const baselineOf = (space: string, name: string) => {
    const own = names.get(`${space}/${name}`);
    const run = own === undefined ? undefined : entryOf(own.id);
    if (own === undefined || run === undefined) return undefined;
    return { name, promotedAt: time, promotedBy: own.by, run };
  };
  return {
    store: async (run) => {
      const index = runs.findIndex((own) => own.space === run.space && own.runId === run.runId);
      if (index < 0) return { id: runs.push(run), outcome: "stored" };
      const isSame = runs[index]?.digest === run.digest;
      return { id: index + 1, outcome: isSame ? "duplicate" : "conflict" };
    },
    list: async ({ limit }) => ({
      items: runs.slice(0, limit).flatMap((_, index) => entryOf(index + 1) ?? []),
      nextCursor: null,
    }),
    entry: async (id) => entryOf(id),
    document: async (id) => runs[id - 1]?.document,
    scenario: async (id, scenarioId) =>
      (runs[id - 1]?.document["scenarios"] as JsonObject[] | undefined)?.find(
        (own) => own["id"] === scenarioId,
      ),
    promote: async ({ space, name, id, by }) => {
      if (runs[id - 1]?.space !== space) return false;
      names.set(`${space}/${name}`, { name, id, by });
      return true;
    },
    baselines: async () => ({ items: [], nextCursor: null }),
    baseline: async (space, name) => baselineOf(space, name),
  };
}
