/**
 * Writes a lake as servers do: flushes, merges and a sort that leave out a repeated span, a checkpoint, a cleaned log;
 * for other engines to read. Beside it `expected.json` with what they must find.
 *
 * node --conditions=scouter-source packages/lake/scripts/write-own-lake.ts <folder>
 */
import { readdir, utimes, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { systemClock } from "@scouter/contracts";
import { decodeStatistics, openLocalObjectStore, type Snapshot } from "@scouter/delta";
import { openFileIngestLog } from "../src/ingest-log/file-ingest-log.ts";
import { TableMaintainer } from "../src/maintenance/table-maintainer.ts";
import { openTraceLake } from "../src/open-trace-lake.ts";
import { openSpanDelta } from "../src/table/span-delta.ts";

const [folder = ""] = process.argv.slice(2);
if (folder === "") throw new Error("give the folder to write to");

const fail = (error: unknown): never => {
  throw error;
};
const ingestLog = await openFileIngestLog({
  root: join(folder, "log"),
  owner: randomUUID(),
  clock: systemClock,
});
const lake = await openTraceLake({
  root: folder,
  ingestLog,
  clock: systemClock,
  flushIntervalMs: 3_600_000,
  flushSpans: 1_000_000,
  refreshIntervalMs: 0,
  maxInflatedBytes: 2 ** 28,
  maxUnflushedBytes: 2 ** 28,
  threads: 1,
  memoryLimitMb: 512,
  events: {
    onDeadLetter: async (letter) => fail(new Error(letter.reason)),
    onFlush: () => undefined,
    onFlushFailure: fail,
    onReplay: () => undefined,
    onFatal: fail,
  },
});
const tableFolder = join(folder, "trace_spans");
const table = await openSpanDelta(await openLocalObjectStore(tableFolder));

/** Requests of 50 spans; every third one repeats spans of the one before it, with other bytes. */
for (let request = 1; request <= 12; request += 1) {
  const firstTrace = request % 3 === 0 ? request - 1 : request;
  const spanCount = request % 3 === 0 ? 10 : 50;
  const body = Buffer.from(exportOf(firstTrace, spanCount));
  await lake.ingest({ body, format: "otlp-json", contentEncoding: "identity" });
  await lake.flush();
}
await lake.close();

const beforeMaintenance = (await table.refresh()).version;
await table.checkpoint();
const settings = { mergeFiles: 4, targetBytes: 2 ** 27, sortIntervalMs: 0, retentionDays: 0 };
const temporaryFolder = join(folder, ".writing");
const options = { root: folder, temporaryFolder, memoryLimitMb: 512, settings };
const maintainer = await TableMaintainer.open(options);
let epoch = 1;
while ((await maintainer.next(epoch)).outcome === "done") epoch += 1;
await maintainer.close();

// Old enough to be cleaned, as if the commits were made long ago.
const longAgo = new Date(systemClock.now() - 30 * 86_400_000);
const logFolder = join(tableFolder, "_delta_log");
for (const name of await readdir(logFolder)) {
  const isOld = name < String(beforeMaintenance).padStart(20, "0");
  if (isOld) await utimes(join(logFolder, name), longAgo, longAgo);
}
const { oldestVersion } = await table.cleanLog();
if (oldestVersion !== beforeMaintenance) throw new Error(`log begins at ${oldestVersion}`);

const newest = await table.refresh();
const records: Record<string, number> = {};
for (let version = oldestVersion; version <= newest.version; version += 1) {
  records[version] = recordsOf(await table.at(version));
}
const expected = {
  table: "trace_spans",
  version: newest.version,
  oldestVersion,
  records,
  distinct: "span_id",
  distinctRecords: 8 * 50,
};
await writeFile(join(folder, "expected.json"), `${JSON.stringify(expected, null, 2)}\n`);

function recordsOf(snapshot: Snapshot): number {
  return snapshot
    .files()
    .reduce((sum, { stats }) => sum + (decodeStatistics(stats)?.numRecords ?? 0), 0);
}

/** An export request: one trace, whose span ids follow from its number. */
function exportOf(trace: number, count: number): string {
  const startNano = BigInt(systemClock.now()) * 1_000_000n;
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const spans = Array.from({ length: count }, (_, index) => ({
    traceId: hex(trace, 32),
    spanId: hex(trace * 1_000 + index + 1, 16),
    name: `schritt ${index} – größer`,
    kind: 1,
    startTimeUnixNano: String(startNano + BigInt(index)),
    endTimeUnixNano: String(startNano + BigInt(index) + 5_000n),
    attributes: [
      text("gen_ai.request.model", "gpt-5"),
      text("user.tier", index % 2 ? "gold" : "tin"),
    ],
    events: [
      { timeUnixNano: String(startNano), name: "begun", attributes: [text("n", `${index}`)] },
    ],
  }));
  const resource = { attributes: [text("service.name", "shop")] };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
}
