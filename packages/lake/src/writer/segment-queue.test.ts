import { tmpdir } from "node:os";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, openEngine } from "../engine/duckdb-engine.ts";
import { SegmentQueue } from "./segment-queue.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ threads: 1, memoryLimitMb: 256, temporaryFolder: tmpdir() });
});
afterAll(() => engine.close());

const NOTHING = { count: 0, columns: [] };

let ownerNumber = 0;
let queue: SegmentQueue;

/** Sequences 1..n in some order, with a seal after some of them. */
const admissions = fc.integer({ min: 1, max: 20 }).chain((count) =>
  fc.record({
    order: fc.shuffledSubarray(
      Array.from({ length: count }, (_, index) => index + 1),
      { minLength: count, maxLength: count },
    ),
    sealAfter: fc.uniqueArray(fc.integer({ min: 0, max: count - 1 })),
  }),
);

describe("SegmentQueue", () => {
  it("keeps every entry once, in order, in segments that never overlap", async () => {
    queue = new SegmentQueue(engine);
    await fc.assert(
      fc.asyncProperty(admissions, async ({ order, sealAfter }) => {
        const owner = `owner-${ownerNumber++}`;
        queue.begin(owner, 1);
        const waiting: Promise<unknown>[] = [];
        for (const [index, sequence] of order.entries()) {
          waiting.push(queue.admit(owner, sequence, NOTHING));
          if (sealAfter.includes(index)) waiting.push(queue.sealed(owner));
        }
        await Promise.all(waiting);
        const segments = await queue.sealed(owner);
        const runs = segments.map((segment) => [segment.firstSequence, segment.lastSequence]);
        expect(runs.flat()[0]).toBe(1);
        for (const [index, run] of runs.entries()) {
          expect(run[0]).toBe(index === 0 ? 1 : (runs[index - 1]?.[1] ?? 0) + 1);
        }
        expect(runs.at(-1)?.[1]).toBe(order.length);
        for (const segment of segments) await segment.drop();
        await queue.end(owner);
      }),
      { numRuns: 60 },
    );
  });

  it("refuses an owner that was not begun", async () => {
    await expect(new SegmentQueue(engine).admit("nobody", 1, NOTHING)).rejects.toThrow("nobody");
  });
});
