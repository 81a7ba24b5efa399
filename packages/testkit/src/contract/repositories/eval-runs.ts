import type { Database, EvalRunToStore } from "@scouter/database";
import { describe, expect, it } from "vitest";
import { fresh } from "./samples.ts";

function runOf(space: string, fields: Partial<EvalRunToStore> = {}): EvalRunToStore {
  const runId = fields.runId ?? fresh("run");
  return {
    space,
    runId,
    suite: "support",
    createdAt: "2026-03-01T10:00:00.000001Z",
    digest: "d1",
    summary: { zz: 1, a: "s" },
    document: { format: "scouter-run", scenarios: [{ id: "s1" }, { id: "s\u00002", answer: "x" }] },
    ...fields,
  };
}

export function evalRunsContract(database: () => Database): void {
  describe("offline runs", () => {
    it("stores a run once, knows it again, and refuses another with its id", async () => {
      const { evalRuns } = database();
      const space = fresh("space");
      const run = runOf(space);
      const first = await evalRuns.store(run);
      expect(first.outcome).toBe("stored");
      expect(await evalRuns.store(run)).toEqual({ id: first.id, outcome: "duplicate" });
      expect(await evalRuns.store({ ...run, digest: "d2", document: {} })).toEqual({
        id: first.id,
        outcome: "conflict",
      });
      expect((await evalRuns.store({ ...run, space: fresh("space") })).outcome).toBe("stored");
      expect(await evalRuns.entry(first.id)).toMatchObject({
        id: first.id,
        space,
        runId: run.runId,
        suite: "support",
        createdAt: run.createdAt,
        summary: run.summary,
        baselines: [],
      });
      expect(Object.keys((await evalRuns.entry(first.id))?.summary ?? {})).toEqual(["zz", "a"]);
      expect(await evalRuns.document(first.id)).toMatchObject({ format: "scouter-run" });
      expect(await evalRuns.scenario(first.id, "s\u00002")).toEqual({
        id: "s\uFFFD2",
        answer: "x",
      });
      expect(await evalRuns.scenario(first.id, "none")).toBeUndefined();
      expect(await evalRuns.entry(first.id + 1_000_000)).toBeUndefined();
      expect(await evalRuns.document(first.id + 1_000_000)).toBeUndefined();
    });

    it("lets one of eight at once store a run", async () => {
      const run = runOf(fresh("space"));
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, () => database().evalRuns.store(run)),
      );
      expect(outcomes.filter(({ outcome }) => outcome === "stored")).toHaveLength(1);
      expect(new Set(outcomes.map(({ id }) => id)).size).toBe(1);
    });

    it("lists newest first, by space and suite, page after page", async () => {
      const { evalRuns } = database();
      const [space, other] = [fresh("space"), fresh("space")];
      const times = ["05", "01", "03", "03", "02"].map((day) => `2026-03-${day}T10:00:00.000000Z`);
      for (const [index, createdAt] of times.entries()) {
        await evalRuns.store(runOf(space, { runId: `r${String(index)}`, createdAt }));
      }
      await evalRuns.store(runOf(space, { runId: "elsewhere", suite: "billing" }));
      await evalRuns.store(runOf(other));
      const asked = { spaces: [space], suite: "support", limit: 2 };
      const pages: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await evalRuns.list({ ...asked, cursor });
        pages.push(page.items.map(({ runId }) => runId).join(" "));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(pages).toEqual(["r0 r3", "r2 r4", "r1"]);
      expect((await evalRuns.list({ spaces: [], limit: 9 })).items).toEqual([]);
      expect((await evalRuns.list({ spaces: "all", limit: 1 })).items).toHaveLength(1);
      await expect(evalRuns.list({ ...asked, cursor: "nonsense" })).rejects.toMatchObject({
        kind: "invalid",
      });
    });

    it("moves a name from run to run, within its space only", async () => {
      const { evalRuns } = database();
      const space = fresh("space");
      const first = await evalRuns.store(runOf(space));
      const second = await evalRuns.store(runOf(space));
      const foreign = await evalRuns.store(runOf(fresh("space")));
      const promote = (id: number, name = "main") =>
        evalRuns.promote({ space, name, id, by: "mira" });
      expect(await evalRuns.baseline(space, "main")).toBeUndefined();
      expect(await promote(first.id)).toBe(true);
      expect(await promote(first.id, "nightly")).toBe(true);
      expect(await promote(foreign.id)).toBe(false);
      expect(await promote(second.id)).toBe(true);
      expect(await evalRuns.baseline(space, "main")).toMatchObject({
        name: "main",
        promotedBy: "mira",
        run: { id: second.id, baselines: ["main"] },
      });
      expect(await evalRuns.entry(first.id)).toMatchObject({ baselines: ["nightly"] });
      const page = await evalRuns.baselines({ spaces: [space], limit: 1 });
      expect(page.items.map(({ name }) => name)).toEqual(["main"]);
      const rest = await evalRuns.baselines({
        spaces: [space],
        limit: 1,
        cursor: page.nextCursor ?? "",
      });
      expect(rest).toMatchObject({ items: [{ name: "nightly" }], nextCursor: null });
    });
  });
}
