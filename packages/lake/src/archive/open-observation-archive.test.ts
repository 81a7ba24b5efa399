import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type {
  ArchivedObservation,
  ArchiveQuery,
  ObservationArchive,
} from "./observation-archive.ts";
import { openObservationArchive } from "./open-observation-archive.ts";

let root: string;
let archive: ObservationArchive;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "scouter-archive-"));
  archive = openObservationArchive({ root });
});
afterEach(async () => {
  await archive.close();
  await rm(root, { recursive: true, force: true });
});

const NOON_MS = Date.UTC(2026, 2, 1, 12);

function rowAt(secondsAfterNoon: number, fields: Partial<ArchivedObservation> = {}) {
  const at = new Date(NOON_MS + secondsAfterNoon * 1000).toISOString();
  return { profile_uid: "u", series: "a", received_at: at, created_at: at, position: 0, ...fields };
}

async function* pieces(...batches: (readonly ArchivedObservation[])[]) {
  for (const rows of batches) {
    yield { text: rows.map((row) => `${JSON.stringify(row)}\n`).join("") };
  }
}

function query(fields: Partial<ArchiveQuery> = {}): ArchiveQuery {
  return {
    kind: "Custom",
    days: ["2026-03-01"],
    profileUid: "u",
    beginMs: NOON_MS,
    endMs: NOON_MS + 60_000,
    widthMs: 10_000,
    originMs: 0,
    mostCharted: 1e150,
    ...fields,
  };
}

const day = (epoch: number, kind = "Custom") => ({ kind, day: "2026-03-01", epoch });

describe("observation archive", () => {
  it("gives values by series and bucket, of the profile and the range alone", async () => {
    const rows = [
      rowAt(0, { value: 1 }),
      rowAt(9.999, { value: 3 }),
      rowAt(10, { value: 7 }),
      rowAt(20, { value: 5, series: "b' or 1=1 --" }),
      rowAt(60, { value: 100 }),
      rowAt(-1, { value: 100 }),
      rowAt(5, { value: 100, profile_uid: "other" }),
    ];
    expect(await archive.write(day(1), pieces(rows.slice(0, 3), rows.slice(3)))).toBe(7);
    expect(await archive.valueChart(query({ profileUid: "U" }))).toEqual([
      { series: "a", bucketMs: NOON_MS, count: 2, average: 2, deviation: Math.SQRT2 },
      { series: "a", bucketMs: NOON_MS + 10_000, count: 1, average: 7, deviation: 0 },
      { series: "b' or 1=1 --", bucketMs: NOON_MS + 20_000, count: 1, average: 5, deviation: 0 },
    ]);
  });

  it("sums counts of bins, beyond 32 bits", async () => {
    const bin = (bin_id: number, bin_count: number) => rowAt(1, { bin_id, bin_count });
    await archive.write(day(1, "Psi"), pieces([bin(-1, 2), bin(3, 2 ** 31), bin(3, 2 ** 31)]));
    expect(await archive.binChart(query({ kind: "Psi" }))).toEqual([
      { series: "a", bucketMs: NOON_MS, binId: -1, count: 2 },
      { series: "a", bucketMs: NOON_MS, binId: 3, count: 2 ** 32 },
    ]);
  });

  it("replaces a day that is written again, and refuses an old epoch", async () => {
    await archive.write(day(4), pieces([rowAt(1, { value: 1 })]));
    expect(await archive.epoch()).toBe(4);
    await archive.write(day(5), pieces([rowAt(1, { value: 2 }), rowAt(2, { value: 2 })]));
    const stale = archive.write(day(5), pieces([rowAt(1, { value: 9 })]));
    await expect(stale).rejects.toMatchObject({ kind: "conflict" });
    expect(await archive.valueChart(query())).toMatchObject([{ count: 2, average: 2 }]);
  });

  it("stores nothing of a day whose rows cannot be read to the end", async () => {
    async function* broken() {
      yield* pieces([rowAt(1, { value: 1 })]);
      throw new Error("away");
    }
    await expect(archive.write(day(1), broken())).rejects.toThrow("away");
    expect(await archive.epoch()).toBe(0);
    expect(await archive.valueChart(query())).toEqual([]);
    const left = await readdir(join(root, ".archiving", String(process.pid)));
    expect(left.filter((name) => name.endsWith(".ndjson"))).toEqual([]);
  });

  it("gives only the days that are asked for, also those that another process wrote", async () => {
    const other = openObservationArchive({ root });
    expect(await archive.valueChart(query())).toEqual([]);
    await other.write(day(1), pieces([rowAt(1, { value: 1 })]));
    await other.close();
    expect(await archive.valueChart(query())).toHaveLength(1);
    expect(await archive.valueChart(query({ days: [] }))).toEqual([]);
    expect(await archive.valueChart(query({ days: ["2026-03-02"] }))).toEqual([]);
    expect(await archive.valueChart(query({ kind: "Spc" }))).toEqual([]);
  });

  it.each([
    ["ends before the data", { beginMs: NOON_MS - 60_000, endMs: NOON_MS + 1000 }],
    ["begins after it", { beginMs: NOON_MS + 1001, endMs: NOON_MS + 60_000 }],
  ])("is empty when the range %s", async (_name, range) => {
    await archive.write(day(1), pieces([rowAt(1, { value: 1 })]));
    expect(await archive.valueChart(query(range))).toEqual([]);
  });

  it("a day without rows is written as none", async () => {
    expect(await archive.write(day(1), pieces())).toBe(0);
    expect(await archive.valueChart(query())).toEqual([]);
    await archive.vacuum();
  });
});
