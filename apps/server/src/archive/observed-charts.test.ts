import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@scouter/contracts";
import { type Database, type Observation, openPglite } from "@scouter/database";
import { type ObservationArchive, openObservationArchive } from "@scouter/lake";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ArchiveWorker } from "../workers/archive-worker.ts";
import { ObservedCharts } from "./observed-charts.ts";

/**
 * One half of the rows is archived between two looks at the same charts: what is seen must be the same, whatever the range,
 * the number of points and where the work was cut.
 */

const NOON_MS = Date.UTC(2026, 2, 1, 12);
let home: string;
let db: Database;
let archive: ObservationArchive;
let charts: ObservedCharts;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "scouter-charts-"));
  db = await openPglite({ folder: join(home, "database"), clock: systemClock });
  archive = openObservationArchive({ root: join(home, "lake") });
  charts = new ObservedCharts({ database: db, archive });
});
afterAll(async () => {
  await archive.close();
  await db.close();
  await rm(home, { recursive: true, force: true });
});

async function register(driftType: Observation["kind"], key: "features" | "metrics") {
  const { uid } = await db.profiles.register({
    space: "s",
    name: driftType,
    driftType,
    profile: { config: {}, [key]: { a: 1, b: 1 } },
    versionRequest: { version_type: "Minor" },
    active: false,
    deactivateOthers: false,
  });
  return uid;
}

function worker(finish?: Database["observationDays"]["finish"]) {
  const failures: unknown[] = [];
  const days = Object.assign(Object.create(db.observationDays) as typeof db.observationDays, {
    prepare: (ahead: number) => db.observationDays.prepare(ahead),
    rows: (day: Parameters<typeof db.observationDays.rows>[0]) => db.observationDays.rows(day),
    // As if today were long ago: its part is closed like any other.
    toArchive: async () => {
      const today = new Date().toISOString().slice(0, 10);
      const open = [];
      for (const kind of ["Spc", "Psi", "Custom"] as const) {
        const archived = await db.observationDays.archived(kind);
        if (!archived.includes(today)) open.push({ kind, day: today });
      }
      return open;
    },
    finish: finish ?? ((day, rows) => db.observationDays.finish(day, rows)),
    archivedFor: (ageMs) => db.observationDays.archivedFor(ageMs),
  } satisfies Partial<typeof db.observationDays>);
  const archiving = new ArchiveWorker({
    leases: db.leases,
    source: days,
    leaseName: "observation-archive",
    archive,
    clock: systemClock,
    retentionDays: 30,
    archiveRetentionDays: 0,
    holder: "test",
    events: {
      onArchived: () => undefined,
      onFailed: (_day, error) => failures.push(error),
      onMerged: () => undefined,
      onExpired: () => undefined,
      onTrouble: (error) => failures.push(error),
    },
  });
  return { archiving, failures };
}

describe("charts over the database and the archive", () => {
  it("show the same before, between and after the steps of archiving, and no row twice", async () => {
    const uids = {
      Spc: await register("Spc", "features"),
      Custom: await register("Custom", "metrics"),
      Psi: await register("Psi", "features"),
    };
    const observe = (from: number, count: number) =>
      db.observations.store(
        Array.from({ length: count }, (_, i): Observation[] => {
          const number = from + i;
          const createdAt = new Date(NOON_MS + number * 7_777).toISOString();
          const series = number % 3 === 0 ? "b" : "a";
          const value = Math.sin(number) * 100;
          return [
            { kind: "Spc", profileUid: uids.Spc, series, value, createdAt },
            { kind: "Custom", profileUid: uids.Custom, series, value, createdAt },
            {
              kind: "Psi",
              profileUid: uids.Psi,
              series,
              binId: number % 4,
              binCount: number,
              createdAt,
            },
          ];
        }).flat(),
      );
    const ranges = [1, 2, 7, 500].flatMap((maxPoints) => [
      { beginMs: NOON_MS, endMs: NOON_MS + 3_600_000, maxPoints },
      { beginMs: NOON_MS + 100_000, endMs: NOON_MS + 1_000_001, maxPoints },
    ]);
    const look = async () => {
      const seen = [];
      for (const range of ranges) {
        seen.push(await charts.spc(uids.Spc, range));
        seen.push(await charts.custom(uids.Custom, range));
        seen.push(await charts.psi(uids.Psi, range));
      }
      return seen;
    };
    await observe(0, 300);
    const before = await look();
    expect(before.flat().length).toBeGreaterThan(500);

    // Killed after the files were written, before the day was marked: twice, as a process that starts again would be.
    for (const _ of [1, 2]) {
      const killed = worker(() => Promise.reject(new Error("killed")));
      await killed.archiving.runOnce();
      expect(killed.failures).toHaveLength(3);
      expect(await look()).toEqual(before);
    }
    const whole = worker();
    await whole.archiving.runOnce();
    expect(whole.failures).toEqual([]);
    expect(await db.observationDays.archived("Psi")).toHaveLength(1);
    expect(await db.observations.psiChart(uids.Psi, ranges[0]!)).toEqual([]);
    expectSame(await look(), before);

    // Rows on both sides of the border: as if all were on one.
    await observe(150, 300);
    const together = await look();
    const counts = together.map((points) => points.reduce((sum, { count }) => sum + count, 0));
    expect(counts[0]).toBe(before[0]!.reduce((sum, { count }) => sum + count, 0) + 300);
    const everything = ranges[0]!;
    const values = [...Array(300).keys(), ...Array.from({ length: 300 }, (_, i) => 150 + i)]
      .filter((number) => number % 3 !== 0)
      .map((number) => Math.sin(number) * 100);
    const [a] = await charts.custom(uids.Custom, { ...everything, maxPoints: 1 });
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance =
      values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    expect(a?.count).toBe(values.length);
    expect(a?.average).toBeCloseTo(mean, 9);
    expect(a?.deviation).toBeCloseTo(Math.sqrt(variance), 9);
  });
});

type Seen = readonly (readonly object[])[];

/** Sums are not taken in the same order: the last digits may differ. */
function expectSame(after: Seen, before: Seen): void {
  const rounded = (seen: Seen) =>
    JSON.parse(
      JSON.stringify(seen, (_key, value: unknown) =>
        typeof value === "number" && !Number.isInteger(value)
          ? Number(value.toPrecision(10))
          : value,
      ),
    ) as unknown;
  expect(rounded(after)).toEqual(rounded(before));
}
