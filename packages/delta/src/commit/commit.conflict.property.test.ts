import * as fc from "fast-check";
import { expect, it } from "vitest";
import { isScouterError } from "@scouter/contracts";
import { DeltaTable } from "../delta-table.ts";
import { MemoryObjectStore } from "../object-store/memory-object-store.ts";
import { addOf, commitOf, definition, removeOf, tableOptions } from "../table.fixture.ts";
import type { CommitRequest } from "./commit-request.ts";

const WRITERS = 3;
const PATHS = ["a", "b", "c", "d"] as const;

/** What a writer may try, on what it knew at some time. */
type Attempt =
  | { readonly kind: "append"; readonly owner: number }
  | { readonly kind: "rewrite"; readonly paths: readonly string[]; readonly epoch: number }
  | { readonly kind: "define" }
  | { readonly kind: "look" };

const attempt: fc.Arbitrary<Attempt> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("append" as const), owner: fc.nat(1) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("rewrite" as const),
      paths: fc.subarray([...PATHS], { minLength: 1 }),
      epoch: fc.nat(6),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "define" as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: "look" as const }) },
);
const history = fc.array(fc.tuple(fc.nat(WRITERS - 1), attempt), { maxLength: 25 });

/**
 * The table as the rules say it must be: commits in the order in which they won, each checked against everything that
 * came after the version its writer knew.
 */
class Model {
  readonly files = new Set<string>(PATHS);
  readonly marks = new Map<string, number>();
  readonly log: {
    readonly removed: readonly string[];
    readonly mark: string | undefined;
    readonly isDefinition: boolean;
  }[] = [];

  /** Codes of the reasons against the commit, none when it wins; which of several is told is not a rule. */
  refusals(known: number, removed: readonly string[], mark?: [string, number]): Set<string> {
    const reasons = new Set<string>();
    for (const newer of this.log.slice(known)) {
      if (newer.isDefinition) reasons.add("DELTA_CONFLICT_METADATA");
      if (newer.removed.some((path) => removed.includes(path))) {
        reasons.add("DELTA_CONFLICT_REMOVED");
      }
      if (mark && newer.mark === mark[0]) reasons.add("DELTA_CONFLICT_TRANSACTION");
    }
    if (mark && mark[1] <= (this.marks.get(mark[0]) ?? -1)) {
      reasons.add("DELTA_CONFLICT_TRANSACTION");
    }
    if (removed.some((path) => !this.files.has(path))) reasons.add("DELTA_CONFLICT_REMOVED");
    return reasons;
  }
}

it("what wins and what loses is what the rules say, for any interleaving of writers", async () => {
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const store = new MemoryObjectStore();
      const creator = await DeltaTable.create(tableOptions(store, "creator"), definition);
      await creator.commit(commitOf(PATHS.map((path) => addOf(path))));
      const base = creator.snapshot.version;
      const writers = await Promise.all(
        Array.from({ length: WRITERS }, (_, index) =>
          DeltaTable.open(tableOptions(store, `w${index}`)),
        ),
      );
      const model = new Model();
      const next = [1, 1];
      let names = 0;
      for (const [index, step] of steps) {
        const writer = writers[index] as DeltaTable;
        if (step.kind === "look") {
          await writer.refresh();
          continue;
        }
        const known = writer.snapshot.version - base;
        const removed = step.kind === "rewrite" ? step.paths : [];
        const mark: [string, number] | undefined =
          step.kind === "append"
            ? [`ingest/${step.owner}`, next[step.owner] as number]
            : step.kind === "rewrite"
              ? ["maintenance", step.epoch]
              : undefined;
        const added = step.kind === "define" ? [] : [`new ${names++}`];
        const request: CommitRequest = commitOf(
          [
            ...removed.map((path) => removeOf(path)),
            ...added.map((path) => addOf(path)),
            ...(step.kind === "define"
              ? [{ metaData: { ...writer.snapshot.metadata, description: `${names++}` } }]
              : []),
          ],
          mark && { txn: { appId: mark[0], version: mark[1] } },
        );
        const expected = model.refusals(known, removed, mark);
        const outcome = await writer.commit(request).then(
          () => undefined,
          (error: unknown) => (isScouterError(error) ? error.code : String(error)),
        );
        // A winner has no reason against it, a loser was told one of them.
        const isRight = outcome === undefined ? expected.size === 0 : expected.has(outcome);
        expect({ outcome, expected, isRight }).toMatchObject({ isRight: true });
        if (outcome !== undefined) continue;
        model.log.push({ removed, mark: mark?.[0], isDefinition: step.kind === "define" });
        for (const path of removed) model.files.delete(path);
        for (const path of added) model.files.add(path);
        if (mark) model.marks.set(mark[0], mark[1]);
        if (step.kind === "append") next[step.owner] = (next[step.owner] as number) + 1;
      }
      const { snapshot } = await DeltaTable.open(tableOptions(store));
      expect(snapshot.version).toBe(base + model.log.length);
      expect(new Set(snapshot.files().map(({ path }) => path))).toEqual(model.files);
      for (const [appId, version] of model.marks) expect(snapshot.txn(appId)).toBe(version);
    }),
    { numRuns: 60 },
  );
});
