import type { NewIngestEntry } from "@scouter/lake";
import { expect, it } from "vitest";
import {
  collect,
  entriesOf,
  entryOf,
  numberOf,
  opened,
  range,
  sequencesOf,
  UNKNOWN_OWNER,
} from "./entries.ts";
import type { Make } from "./place.ts";

export function describeAppending(make: Make): void {
  it("numbers entries from 1 without gaps and reads them as they were", async () => {
    const { log } = await opened(make);
    const entries: NewIngestEntry[] = [
      entryOf(1, { format: "otlp-protobuf", payload: new Uint8Array() }),
      entryOf(2, { format: "otlp-json", receivedAt: 1_700_000_000_123 }),
      entryOf(3, {
        format: "message-json",
        rejected: [
          { index: 0, code: "SPAN_ID_INVALID", reason: "id ünïcode 😀" },
          { index: 7, code: "SPAN_TIME_INVALID", reason: "" },
        ],
      }),
      entryOf(4, { payload: new Uint8Array(3 << 20).fill(7) }),
    ];
    for (const [index, entry] of entries.entries()) {
      expect(await log.append(entry)).toEqual({
        owner: log.owner,
        sequence: index + 1,
        duplicate: false,
        rejected: entry.rejected,
      });
    }
    expect(await collect(log.read(log.owner, 0))).toEqual(
      entries.map((entry, index) => Object.assign({ sequence: index + 1 }, entry)),
    );
    expect(await sequencesOf(log, log.owner, 2)).toEqual([3, 4]);
    expect(await sequencesOf(log, log.owner, 4)).toEqual([]);
    expect(await sequencesOf(log, UNKNOWN_OWNER, 0)).toEqual([]);
  });

  it("follows the order of overlapping calls, in numbers and in resolving", async () => {
    const { log } = await opened(make);
    const resolved: number[] = [];
    await Promise.all(
      range(1, 200).map(async (number) => {
        // Some calls come while earlier ones are being written.
        if (number % 50 === 0) await log.append(entryOf(1000 + number));
        const { sequence } = await log.append(entryOf(number));
        resolved.push(sequence);
      }),
    );
    expect(resolved).toEqual(resolved.toSorted((a, b) => a - b));
    const stored = await entriesOf(log, log.owner, 0);
    expect(stored.map((entry) => entry.sequence)).toEqual(range(1, 204));
    const inFirstTurn = range(1, 200).filter((number) => number % 50 !== 0);
    const numbers = stored.map((entry) => numberOf(entry));
    expect(numbers.filter((number) => inFirstTurn.includes(number))).toEqual(inFirstTurn);
  });

  it("keeps what was given when the caller changes it after the call", async () => {
    const { log } = await opened(make);
    const entry = entryOf(5);
    const given = { payload: entry.payload.slice(), digest: entry.digest.slice() };
    await log.append({ ...entry, ...given });
    given.payload.fill(0);
    given.digest.fill(0);
    const [stored] = await entriesOf(log, log.owner, 0);
    expect(stored).toEqual({ ...entry, sequence: 1 });
    expect((await log.append(entry)).duplicate).toBe(true);
  });

  it("refuses an entry that could not be read back, and stores nothing of it", async () => {
    const { log } = await opened(make);
    const refused: readonly NewIngestEntry[] = [
      entryOf(1, { digest: new Uint8Array(19) }),
      entryOf(1, { receivedAt: Number.NaN }),
      entryOf(1, { format: "otlp-xml" as "otlp-json" }),
    ];
    for (const entry of refused) {
      await expect(log.append(entry)).rejects.toMatchObject({ kind: "invalid" });
    }
    expect((await log.append(entryOf(1))).sequence).toBe(1);
  });

  it("tells the bytes of entries that are not released", async () => {
    const { log } = await opened(make);
    expect(log.heldBytes()).toBe(0);
    await log.append(entryOf(1, { payload: new Uint8Array(1000) }));
    const one = log.heldBytes();
    expect(one).toBeGreaterThanOrEqual(1000);
    await log.append(entryOf(2, { payload: new Uint8Array(5000) }));
    expect(log.heldBytes()).toBeGreaterThanOrEqual(one + 5000);
    await log.release(log.owner, 1);
    expect(log.heldBytes()).toBeGreaterThanOrEqual(5000);
    await log.release(log.owner, 2);
    expect(log.heldBytes()).toBe(0);
  });
}
