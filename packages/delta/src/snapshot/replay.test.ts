import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Action } from "../action/action.ts";
import { addOf, removeOf } from "../table.fixture.ts";
import { type Commit, type TableState, emptyTableState, replay } from "./replay.ts";

const path = fc.integer({ min: 0, max: 20 }).map((number) => `file-${number}`);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ path, size: fc.nat() }).map((it) => addOf(it.path, it)) },
  { weight: 2, arbitrary: path.map((each) => removeOf(each)) },
  fc.record({ appId: fc.constantFrom("a", "b"), version: fc.nat() }).map((txn) => ({ txn })),
  fc
    .record({ minReaderVersion: fc.nat(), minWriterVersion: fc.nat() })
    .map((protocol) => ({ protocol })),
  fc.string().map((id) => ({
    metaData: { id, schemaString: "{}", partitionColumns: [], configuration: {} },
  })),
);
const log = fc
  .array(fc.array(action, { maxLength: 6 }), { maxLength: 30 })
  .map((commits) => commits.map((actions, version): Commit => ({ version, actions })));

function plain(state: TableState): unknown {
  const { version, protocol, metadata } = state;
  return {
    version,
    protocol,
    metadata,
    files: new Map(state.files.entries()),
    tombstones: new Map(state.tombstones.entries()),
    transactions: new Map(state.transactions.entries()),
  };
}

it("gives the same table from zero and in any steps", () => {
  fc.assert(
    fc.property(log, fc.array(fc.integer({ min: 1, max: 7 })), (commits, steps) => {
      let state = emptyTableState;
      const rest = [...commits];
      for (const step of steps) state = replay(state, rest.splice(0, step));
      state = replay(state, rest);
      expect(plain(state)).toEqual(plain(replay(emptyTableState, commits)));
    }),
  );
});

it("leaves the state before as it was", () => {
  fc.assert(
    fc.property(log, log, (first, second) => {
      const state = replay(emptyTableState, first);
      const before = plain(state);
      replay(state, second);
      expect(plain(state)).toEqual(before);
    }),
  );
});

it("agrees with the definition: the last action on a path, and on an application, counts", () => {
  fc.assert(
    fc.property(log, (commits) => {
      const actions = commits.flatMap((commit) => commit.actions);
      const state = replay(emptyTableState, commits);
      for (let number = 0; number <= 20; number++) {
        const name = `file-${number}`;
        const last = actions.findLast(
          (each) =>
            ("add" in each && each.add.path === name) ||
            ("remove" in each && each.remove.path === name),
        );
        expect(state.files.get(name)).toEqual(last && "add" in last ? last.add : undefined);
        expect(state.tombstones.get(name)).toEqual(
          last && "remove" in last ? last.remove : undefined,
        );
      }
      const mark = actions.findLast((each) => "txn" in each && each.txn.appId === "a");
      expect(state.transactions.get("a")).toEqual(mark && "txn" in mark ? mark.txn : undefined);
    }),
  );
});

it("does not depend on the order in which appends of different writers got in", () => {
  const writers = fc.array(fc.array(fc.nat(), { maxLength: 5 }), { maxLength: 4 });
  fc.assert(
    fc.property(writers, fc.infiniteStream(fc.nat()), (sizesOfWriters, choices) => {
      const queues = sizesOfWriters.map((sizes, writer) =>
        sizes.map((size, index): readonly Action[] => [
          addOf(`w${writer}-${index}`, { size }),
          { txn: { appId: `w${writer}`, version: index + 1 } },
        ]),
      );
      const inOrder = queues.flat();
      const interleaved: (readonly Action[])[] = [];
      const waiting = queues.map((queue) => [...queue]).filter((queue) => queue.length > 0);
      while (waiting.length > 0) {
        const index = (choices.next().value ?? 0) % waiting.length;
        const next = waiting[index]?.shift();
        if (next) interleaved.push(next);
        if (waiting[index]?.length === 0) waiting.splice(index, 1);
      }
      const stateOf = (commits: readonly (readonly Action[])[]) =>
        plain(
          replay(
            emptyTableState,
            commits.map((actions, version) => ({ version, actions })),
          ),
        );
      expect(stateOf(interleaved)).toEqual(stateOf(inOrder));
    }),
  );
});
