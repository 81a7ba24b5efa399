import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DigestTable } from "./digest-table.ts";
import type { StoredDigest } from "./entry-record.ts";
import { HeldBytes } from "./held-bytes.ts";

const TTL_MS = 1_000;

function digestOf(number: number): Uint8Array {
  const digest = Buffer.alloc(20, 0xff);
  digest.writeUInt32LE(number);
  return digest;
}

function storedOf(number: number, more: Partial<StoredDigest> = {}): StoredDigest {
  return {
    digest: digestOf(number),
    owner: "o",
    sequence: number,
    appendedAt: 0,
    rejected: [],
    ...more,
  };
}

describe("DigestTable", () => {
  it("finds what was added, however many there are", () => {
    const table = new DigestTable(TTL_MS);
    for (let number = 0; number < 5_000; number++) {
      table.add(storedOf(number, { owner: `o${number % 3}`, appendedAt: number / 10 }));
    }
    for (let number = 0; number < 5_000; number++) {
      expect(table.find(digestOf(number), 999)).toEqual({
        owner: `o${number % 3}`,
        sequence: number,
        rejected: [],
      });
    }
    expect(table.find(digestOf(5_000), 999)).toBeUndefined();
  });

  it("stays as small as what is young", () => {
    const table = new DigestTable(TTL_MS);
    for (let number = 0; number < 20_000; number++) {
      table.add(storedOf(number, { appendedAt: number }));
      table.expire(number);
      expect(table.size).toBeLessThanOrEqual(TTL_MS);
    }
    expect(table.find(digestOf(19_000), 19_999)).toMatchObject({ sequence: 19_000 });
    expect(table.find(digestOf(18_999), 19_999)).toBeUndefined();
  });

  it("answers like a plain map with times", () => {
    const step = fc.record({ number: fc.nat({ max: 20 }), ms: fc.nat({ max: 300 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const table = new DigestTable(TTL_MS);
        const model = new Map<number, { sequence: number; appendedAt: number }>();
        let now = 0;
        for (const [index, { number, ms }] of steps.entries()) {
          now += ms;
          table.expire(now);
          const known = model.get(number);
          const expected = known && now - known.appendedAt < TTL_MS ? known.sequence : undefined;
          expect(table.find(digestOf(number), now)?.sequence).toBe(expected);
          if (expected !== undefined) continue;
          const rejected = [{ index, code: "C", reason: "r" }];
          table.add(storedOf(number, { sequence: index, appendedAt: now, rejected }));
          model.set(number, { sequence: index, appendedAt: now });
          expect(table.find(digestOf(number), now)?.rejected).toEqual(rejected);
        }
      }),
    );
  });
});

describe("HeldBytes", () => {
  it("is the sum of what comes after the mark", () => {
    const sizes = fc.array(fc.nat({ max: 100 }), { maxLength: 6 });
    const steps = fc.array(fc.record({ sizes, mark: fc.nat({ max: 4_000 }) }), { maxLength: 300 });
    fc.assert(
      fc.property(steps, (rounds) => {
        const held = new HeldBytes();
        const all: number[] = [];
        let mark = 0;
        for (const round of rounds) {
          for (const size of round.sizes) held.add(size);
          all.push(...round.sizes);
          mark = Math.max(mark, Math.min(round.mark % (all.length + 1), all.length));
          held.releaseThrough(round.mark % (all.length + 1));
          expect(held.total).toBe(all.slice(mark).reduce((sum, size) => sum + size, 0));
        }
      }),
      { numRuns: 30 },
    );
  });

  it("gives its memory back and goes on counting", () => {
    const held = new HeldBytes();
    for (let sequence = 1; sequence <= 10_000; sequence++) {
      held.add(sequence);
      held.releaseThrough(sequence - 2);
      expect(held.total).toBe(sequence === 1 ? 1 : 2 * sequence - 1);
    }
  });
});
