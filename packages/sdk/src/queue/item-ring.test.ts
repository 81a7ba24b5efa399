import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { EvalRecordItem } from "../record/eval-record.ts";
import { ItemRing } from "./item-ring.ts";

/** A number takes so many; "push" pushes one. */
type Step = "push" | number;

test("behaves as a bounded list under any order of pushes and takes", () => {
  const steps = fc.array(fc.oneof(fc.constant("push" as const), fc.nat(6)), { maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), steps, (capacity, steps) => {
      expect(runOnRing(capacity, steps)).toEqual(runOnList(capacity, steps));
    }),
  );
});

function runOnRing(capacity: number, steps: readonly Step[]): unknown[] {
  const ring = new ItemRing(capacity);
  return steps.map((step, number) => {
    const wasFull = ring.isFull;
    if (step !== "push") {
      const taken = ring
        .take(step)
        .map(({ item, traceId }) => [item.kind === "eval" ? item.uid : "", traceId]);
      return { wasFull, taken, length: ring.length };
    }
    const pushed = ring.push(itemOf(`${number}`), `trace ${number}`);
    return { wasFull, pushed, length: ring.length };
  });
}

function runOnList(capacity: number, steps: readonly Step[]): unknown[] {
  const list: string[] = [];
  return steps.map((step, number) => {
    const wasFull = list.length === capacity;
    if (step !== "push") {
      const taken = list.splice(0, step).map((uid) => [uid, `trace ${uid}`]);
      return { wasFull, taken, length: list.length };
    }
    if (!wasFull) list.push(`${number}`);
    return { wasFull, pushed: !wasFull, length: list.length };
  });
}

function itemOf(uid: string): EvalRecordItem {
  return { kind: "eval", uid, createdAtMs: 0, fields: { context: null } };
}
