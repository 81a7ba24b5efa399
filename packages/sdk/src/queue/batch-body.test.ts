import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { serialiseBatch } from "./batch-body.ts";

const ENVELOPE_BYTES = '{"records":[]}'.length;

describe("serialiseBatch", () => {
  test("every item is in exactly one message within the limit, in order, or reported", async () => {
    const texts = fc.array(
      fc.option(fc.string({ unit: "binary", maxLength: 30 }), { nil: undefined }),
      {
        maxLength: 100,
      },
    );
    const limits = fc.integer({ min: ENVELOPE_BYTES, max: 300 });
    await fc.assert(
      fc.asyncProperty(texts, limits, async (items, maxBytes) => {
        const { parts, unsendable } = await serialiseBatch(items.length, jsonOf(items), maxBytes);
        for (const { body, indexes } of parts) {
          expect(body.byteLength).toBeLessThanOrEqual(maxBytes);
          const { records } = JSON.parse(Buffer.from(body).toString()) as { records: unknown[] };
          expect(records).toEqual(indexes.map((index) => items[index]?.toWellFormed()));
        }
        const sent = parts.flatMap((part) => part.indexes);
        const reported = unsendable.map(({ index }) => index);
        expect(sent).toEqual(sent.toSorted((a, b) => a - b));
        expect([...sent, ...reported].toSorted((a, b) => a - b)).toEqual([...items.keys()]);
        for (const index of reported) {
          const text = items[index];
          const bytes = text === undefined ? Infinity : Buffer.byteLength(JSON.stringify(text));
          expect(bytes + ENVELOPE_BYTES).toBeGreaterThan(maxBytes);
        }
      }),
    );
  });

  test("gives the event loop back between slices", async () => {
    let turns = 0;
    const count = () => {
      turns += 1;
      turning = setImmediate(count);
    };
    let turning = setImmediate(count);
    await serialiseBatch(10 * 64, () => "1", 1_000_000);
    clearImmediate(turning);
    expect(turns).toBeGreaterThanOrEqual(9);
  });

  test("names what was wrong with an item", async () => {
    const { unsendable } = await serialiseBatch(2, jsonOf([undefined, "x".repeat(100)]), 50);
    expect(unsendable).toEqual([
      { index: 0, detail: "no text" },
      { index: 1, detail: "116 bytes of JSON: at most 50 are accepted" },
    ]);
  });
});

function jsonOf(items: readonly (string | undefined)[]) {
  return (index: number) => {
    const text = items[index];
    if (text === undefined) throw new TypeError("no text");
    // As the queue's own texts are: JSON.stringify escapes lone surrogates, which UTF-8 cannot hold.
    return JSON.stringify(text.toWellFormed());
  };
}
