import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openChaosStore, type ChaosStore } from "./lake-chaos/chaos-store.ts";
import { type Exporters, startExporters } from "./lake-chaos/exporters.ts";
import { keepTable } from "./lake-chaos/keep-table.ts";
import { type LakePlace, openTable, storeOf, TABLES } from "./lake-chaos/lake-place.ts";
import { type Member, type Pod, startPod, startReader } from "./lake-chaos/member.ts";
import { startPodReaders } from "./lake-chaos/pod-readers.ts";
import { storedSpans, summarizedSpans, summaryDifferences } from "./lake-chaos/stored-spans.ts";
import type { Look } from "./lake-chaos/table-reader.ts";
import { LEASE_MS, SPANS_PER_REQUEST, STOPPED_MS, TABLE_PROPERTIES } from "./lake-chaos/trial.ts";
import { faults } from "./stored-state.ts";

const seconds = Number(process.env["SCOUTER_CHAOS_SECONDS"] ?? 12);
const storeKind = process.env["SCOUTER_CHAOS_STORE"] ?? "local";
/** Where to leave a copy of the table for readers by other hands; none when unset. */
const keep = process.env["SCOUTER_CHAOS_KEEP"];
const WRITERS = 4;
const COMPACTORS = 2;
const BLOW_EVERY_MS = 2_500;
const SETTLE_MS = 90_000;
/** Of each second: reads through the pods and looks at the table, for the time to mean something. */
const READS = 1;
const LOOKS = 0.5;
/** How much longer the blows go on when nothing was merged or vacuumed yet, or too little was read. */
const LONGER_MS = 120_000;
const HORIZONS_PASSED_AFTER_SECONDS = 40;

await onPostgres(`a lake on the store '${storeKind}' that everybody writes`, (postgres) => {
  let home: string;
  let store: ChaosStore;
  const members = new Set<Member>();

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "scouter-chaos-"));
    store = await openChaosStore(storeKind, home);
  });
  afterEach(async () => {
    for (const member of members) member.resume();
    await Promise.all(Array.from(members, (member) => member.end()));
    members.clear();
    await store.close();
    await rm(home, { recursive: true, force: true });
  });

  async function pod(name: string, role: "writer" | "compactor", databaseUri: string) {
    const started = await startPod(name, role, {
      ...store.place.environment,
      SCOUTER_STORAGE_URI: store.place.uri,
      SCOUTER_HOME: join(home, name),
      DATABASE_URI: databaseUri,
      MAX_POOL_SIZE: "3",
      SCOUTER_INGEST_LEASE_SECS: String(LEASE_MS / 1000),
      SCOUTER_TRACE_FLUSH_INTERVAL_SECS: "0.4",
      LOG_JSON: "true",
      LOG_LEVEL: "info",
    });
    members.add(started);
    return started;
  }

  it(
    `keeps every acknowledged span once, and shows no reader a part, for ${seconds} s`,
    async () => {
      const databaseUri = await postgres.migratedDatabase();
      const first = await pod("writer-1", "writer", databaseUri);
      for (const name of TABLES) {
        const table = await openTable(await storeOf(store.place, name));
        await table.setProperties(TABLE_PROPERTIES);
      }
      const rest = await Promise.all([
        ...range(WRITERS - 1).map((index) => pod(`writer-${index + 2}`, "writer", databaseUri)),
        ...range(COMPACTORS).map((index) =>
          pod(`compactor-${index + 1}`, "compactor", databaseUri),
        ),
      ]);
      const pods: readonly Pod[] = [first, ...rest];

      const looks: Look[] = [];
      const reading = { place: store.place, copies: join(home, "copies-of-the-reader") };
      const reader = startReader("reader", reading, (look) => looks.push(look));
      members.add(reader);
      const urls = pods.slice(0, WRITERS).map(({ url }) => url);
      const exporters = startExporters({ urls, exporters: 6 });
      const podReaders = startPodReaders(pods, exporters);

      const maintained = () => maintenanceOf(pods);
      const wantsVacuum = seconds >= HORIZONS_PASSED_AFTER_SECONDS;
      const blows = await strike([...pods, reader], seconds * 1000, () => {
        const { commits, vacuumedFiles } = maintained();
        const isMaintained = commits > 0 && (vacuumedFiles > 0 || !wantsVacuum);
        return (
          isMaintained && podReaders.reads() > READS * seconds && looks.length > LOOKS * seconds
        );
      });
      await exporters.finish();
      await podReaders.finish();
      const { stored, unsummarized } = await untilStored(exporters);
      const looksSoFar = looks.length;
      while (looks.length < looksSoFar + 2) await pause(50); // a last look, from its begin to its end
      await Promise.all(Array.from(members, (member) => member.end()));
      members.clear();

      const { snapshot } = await openTable(await storeOf(store.place, "trace_spans"));
      const differences = await summaryDifferences(store.place, {
        spans: join(home, "copies-of-spans"),
        summaries: join(home, "copies-of-summaries"),
      });
      const report = {
        acknowledged: exporters.acknowledged.size,
        repeated: exporters.repeated(),
        podReads: podReaders.reads(),
        looks: looks.length,
        version: snapshot.version,
        files: snapshot.files().length,
        ...maintained(),
        firstCommitLeft: await firstCommitOf(store.place),
        ...blows,
      };
      console.log(`chaos on ${storeKind}: ${JSON.stringify(report)}`);
      if (keep !== undefined) await keepTable(store.place, "trace_spans", keep);

      expect(faults(exporters.acknowledged, stored.counts)).toEqual({ lost: [], doubled: [] });
      expect(unsummarized).toEqual([]);
      expect(differences.filter(([, id]) => exporters.acknowledged.has(id))).toEqual([]);
      expect(looks.flatMap(({ fault }) => fault ?? [])).toEqual([]);
      expect(podReaders.faults).toEqual([]);
      expect(report.commits).toBeGreaterThan(0);
      expect(report.podReads).toBeGreaterThan(READS * seconds);
      expect(report.looks).toBeGreaterThan(LOOKS * seconds);
      expect(report.kills + report.stops).toBeGreaterThan(0);
      if (!wantsVacuum) return;
      expect(report.vacuumedFiles).toBeGreaterThan(0);
      expect(report.firstCommitLeft).toBeGreaterThan(0);
    },
    360_000 + seconds * 2_000,
  );

  /** Waits until what dead owners left is adopted and what living ones hold is flushed. */
  async function untilStored({ acknowledged, traceIds }: Exporters) {
    const deadline = performance.now() + SETTLE_MS;
    for (;;) {
      const stored = await storedSpans(store.place, join(home, "copies-of-spans"));
      const summarized = await summarizedSpans(store.place, join(home, "copies-of-summaries"));
      const unsummarized = traceIds.filter((id) => summarized.get(id) !== SPANS_PER_REQUEST);
      const isAll = [...acknowledged].every((id) => stored.counts.has(id));
      const isOver = performance.now() > deadline;
      if ((isAll && unsummarized.length === 0) || isOver) return { stored, unsummarized };
      await pause(200);
    }
  }
});

/**
 * Every now and then a random process is killed and comes back, or stands still past its lease and goes on; for that
 * long, and on a slow machine until there was something to break. Half of them are whole at any time: where a start takes
 * long, blows that did not wait would leave nobody to write and to read.
 */
async function strike(
  members: readonly Member[],
  forMs: number,
  isEnough: () => boolean,
): Promise<{ readonly kills: number; readonly stops: number }> {
  const started = performance.now();
  const lasted = () => performance.now() - started;
  const isOver = () => lasted() > forMs && (isEnough() || lasted() > forMs + LONGER_MS);
  const done = { kills: 0, stops: 0 };
  const underWay: Promise<void>[] = [];
  const failures: unknown[] = [];
  const struck = new Set<Member>();
  while (!isOver()) {
    await pause(BLOW_EVERY_MS * (0.5 + Math.random() / 2));
    const whole = members.filter((member) => !struck.has(member));
    const victim = whole[Math.floor(Math.random() * whole.length)];
    if (victim === undefined || whole.length <= members.length / 2) continue;
    struck.add(victim);
    const blow = Math.random() < 0.5 ? kill(victim) : stop(victim);
    underWay.push(
      blow.then(
        () => void struck.delete(victim),
        (error: unknown) => void failures.push(error),
      ),
    );
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw failures[0];
  return done;

  async function kill(victim: Member): Promise<void> {
    done.kills += 1;
    await victim.restart();
  }
  async function stop(victim: Member): Promise<void> {
    done.stops += 1;
    victim.pause();
    await pause(STOPPED_MS);
    victim.resume();
  }
}

/** What the compactors say they have done. */
function maintenanceOf(pods: readonly Pod[]) {
  const done = { commits: 0, vacuumedFiles: 0 };
  for (const pod of pods) {
    for (const line of pod.output().split("\n")) {
      const run = /"kind":"(merge|sort|vacuum)".*"filesBefore":(\d+)/.exec(line);
      if (run?.[1] === "vacuum") done.vacuumedFiles += Number(run[2]);
      else if (run) done.commits += 1;
    }
  }
  return done;
}

async function firstCommitOf(place: LakePlace): Promise<number> {
  for await (const { key } of (await storeOf(place, "trace_spans")).list("_delta_log/")) {
    const version = /^_delta_log\/(\d+)\.json$/.exec(key)?.[1];
    if (version !== undefined) return Number(version);
  }
  return 0;
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
