import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, type JsonObject } from "@scouter/contracts";
import {
  type Database,
  type EvaluationPart,
  type Observation,
  openPglite,
} from "@scouter/database";
import { createPsiProfile } from "@scouter/drift";
import {
  type EvaluationArchive,
  type ObservationArchive,
  openEvaluationArchive,
  openObservationArchive,
} from "@scouter/lake";
import {
  completionOf,
  recordFor,
  registerAgent,
} from "@scouter/testkit/contract/repositories/samples";
import { afterAll, beforeAll, expect, it } from "vitest";
import { backtestWindows } from "../drift/backtest-windows.ts";
import { ObservedWindows } from "./observed-windows.ts";

/** What windows read must be the same while rows are in the database, in the archive, or on both sides. */

const NOON_MS = Date.UTC(2026, 2, 1, 12);
let home: string;
let db: Database;
let observations: ObservationArchive;
let evaluations: EvaluationArchive;
let windows: ObservedWindows;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "scouter-windows-"));
  db = await openPglite({ folder: join(home, "database"), clock: systemClock });
  observations = openObservationArchive({ root: join(home, "lake") });
  evaluations = openEvaluationArchive({ root: join(home, "lake") });
  windows = new ObservedWindows({ database: db, observations, evaluations });
});
afterAll(async () => {
  await observations.close();
  await evaluations.close();
  await db.close();
  await rm(home, { recursive: true, force: true });
});

const KINDS = ["Spc", "Psi", "Custom"] as const;
type Kind = (typeof KINDS)[number];

async function register(driftType: Kind): Promise<string> {
  const { profile } = createPsiProfile({
    uid: "0194f0c3-7c5e-7000-8000-000000000000",
    timestamp: "2026-01-01T00:00:00Z",
    scouterVersion: "test",
    table: { a: Array.from({ length: 1000 }, (_, row) => row % 97) },
    alert: { schedule: "0 * * * * *" },
  });
  const features = { a: 1, b: 1 };
  const body = { config: {}, [driftType === "Custom" ? "metrics" : "features"]: features };
  const { uid } = await db.profiles.register({
    space: "windows",
    name: driftType,
    driftType,
    profile: driftType === "Psi" ? (profile as unknown as JsonObject) : body,
    versionRequest: { version_type: "Minor" },
    active: false,
    deactivateOthers: false,
  });
  return uid;
}

async function observe(uids: Record<Kind, string>, from: number, count: number): Promise<void> {
  const batch = Array.from({ length: count }, (_, i): Observation[] => {
    const number = from + i;
    const createdAt = new Date(NOON_MS + number * 1000).toISOString();
    const series = number % 3 === 0 ? "b" : "a";
    const value = Math.sin(number) * 100;
    const counted = { binId: 1 + (number % 10), binCount: number + 1 };
    return [
      { kind: "Spc", profileUid: uids.Spc, series, value, createdAt },
      { kind: "Custom", profileUid: uids.Custom, series, value, createdAt },
      { kind: "Psi", profileUid: uids.Psi, series: "a", createdAt, ...counted },
    ];
  });
  expect(new Set(await db.observations.store(batch.flat()))).toEqual(new Set(["stored"]));
}

async function evaluate(profileUid: string, count: number): Promise<void> {
  await db.evalRecords.store(Array.from({ length: count }, () => recordFor(profileUid)));
  const claimed = await db.evalRecords.claim({ workerId: "w", limit: 1000, leaseMs: 60_000 });
  await db.evalRecords.complete(
    claimed.map((item, number) =>
      completionOf(item, number % 4 === 0 ? ["failed", "skipped"] : ["passed", "passed"]),
    ),
  );
}

let epoch = 0;

/** Everything so far, as if its days were long over. */
async function archiveAll(): Promise<void> {
  const day = new Date(await db.driftWindows.nowMs()).toISOString().slice(0, 10);
  await db.observationDays.prepare(0);
  for (const kind of KINDS) {
    const rows = await observations.write(
      { kind, day, epoch: ++epoch },
      db.observationDays.rows({ kind, day }),
    );
    expect(await db.observationDays.finish({ kind, day }, rows)).toBe("done");
  }
  const through = { endedAt: `${day}T23:59:59.999999Z`, id: Number.MAX_SAFE_INTEGER };
  const part: EvaluationPart = { day, part: 0, through };
  const lease = { name: "evaluation-archive", holder: "test", leaseMs: 60_000 };
  const held = { name: lease.name, epoch: (await db.leases.acquireEpoch(lease, 0)) ?? -1 };
  const rows = await evaluations.write(
    { day, part: 0, epoch: held.epoch },
    db.evaluationDays.rows(part),
  );
  expect(await db.evaluationDays.finish(part, rows, held)).toBe("done");
}

it("windows find the same in the database, in the archive, and on both sides", async () => {
  const uids = {
    Spc: await register("Spc"),
    Psi: await register("Psi"),
    Custom: await register("Custom"),
  };
  const { uid: agent } = await registerAgent(db, { space: "windows" });
  const startMs = (await db.driftWindows.nowMs()) - 1000;
  await observe(uids, 0, 200);
  const middleMs = await db.driftWindows.nowMs();
  await observe(uids, 200, 200);
  await evaluate(agent, 40);
  const endMs = (await db.driftWindows.nowMs()) + 1000;

  const ranges = [
    { startMs, endMs },
    { startMs, endMs: middleMs },
    { startMs: middleMs, endMs },
    { startMs: startMs - 7_200_000, endMs: startMs },
  ];
  const look = async (data: WindowReads, points: ObservedWindows["spcPoints"]) => {
    const seen: unknown[] = [];
    for (const range of ranges) {
      seen.push(await data.spcValues(uids.Spc.toUpperCase(), range));
      seen.push(await data.psiBinCounts(uids.Psi, range));
      seen.push(await data.psiBinCountsOf([{ uid: uids.Psi, ...range }]));
      seen.push(await data.customTallies(uids.Custom, range));
      seen.push(await data.agentTallies(agent, range));
      seen.push(await data.lastSpcValues(uids.Spc, range.endMs, 7));
      seen.push(await points({ profileUid: uids.Spc, feature: "a", limit: 20, ...range }));
    }
    return rounded(seen);
  };
  const spcPoints = db.driftBoard.spcPoints.bind(db.driftBoard);
  const stored = await db.profiles.byUid(uids.Psi);
  const backtest = () =>
    backtestWindows(stored!, { startMs: startMs - 120_000, endMs: endMs + 120_000 }, windows);

  const before = await look(db.observations, spcPoints);
  const backtested = await backtest();
  expect(backtested.windows_with_data).toBeGreaterThan(0);
  expect(await look(windows, (asked) => windows.spcPoints(asked))).toEqual(before);

  await archiveAll();
  expect((await db.observations.spcValues(uids.Spc, ranges[0]!)).size).toBe(0);
  expect(await look(windows, (asked) => windows.spcPoints(asked))).toEqual(before);
  expect(await backtest()).toEqual(backtested);

  // What came later is in the database: counted with what is not.
  await observe(uids, 400, 50);
  await evaluate(agent, 8);
  const later = { startMs, endMs: (await db.driftWindows.nowMs()) + 1000 };
  const values = await windows.spcValues(uids.Spc, later);
  expect([...values.values()].flat()).toHaveLength(450);
  expect(values.get("b")).toEqual(
    Array.from({ length: 150 }, (_, index) => Math.sin(3 * index) * 100),
  );
  const last = await windows.lastSpcValues(uids.Spc, later.endMs, 30);
  expect(last.get("b")).toEqual(values.get("b")?.slice(-30));
  const counts = await windows.psiBinCounts(uids.Psi, later);
  const total = [...(counts.get("a")?.values() ?? [])].reduce((sum, count) => sum + count, 0);
  expect(total).toBe((450 * 451) / 2);
  expect((await windows.agentTallies(agent, later)).passRates.count).toBe(48);
  const newest = { profileUid: uids.Spc, feature: "a", limit: 40, ...later };
  const { points, total: allPoints } = await windows.spcPoints(newest);
  expect([points.length, allPoints]).toEqual([40, 300]);
  expect(points.at(-1)?.value).toBe(Math.sin(449) * 100);
});

type WindowReads = Pick<
  Database["observations"],
  | "spcValues"
  | "psiBinCounts"
  | "psiBinCountsOf"
  | "customTallies"
  | "agentTallies"
  | "lastSpcValues"
>;

/** Sums are not taken in the same order: the last digits may differ. Maps become sorted lists. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, part: unknown) => {
      if (part instanceof Map) {
        return [...part].toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
      }
      return typeof part === "number" && !Number.isInteger(part)
        ? Number(part.toPrecision(10))
        : part;
    }),
  );
}
