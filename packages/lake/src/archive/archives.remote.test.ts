import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAzureServer } from "@scouter/testkit/object-server/azure-server";
import { startGcsServer } from "@scouter/testkit/object-server/gcs-server";
import type { ObjectServer } from "@scouter/testkit/object-server/object-server";
import { startS3Server } from "@scouter/testkit/object-server/s3-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RemoteLake } from "../table/data-files.ts";
import { openEvaluationArchive } from "./open-evaluation-archive.ts";
import { openObservationArchive } from "./open-observation-archive.ts";

const buckets = [
  {
    uri: "s3://bucket/lake",
    start: () => startS3Server(),
    environment: (url: string) => ({
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
    }),
  },
  {
    uri: "gs://bucket/lake",
    start: () => startGcsServer(),
    environment: (url: string) => ({ STORAGE_EMULATOR_HOST: url }),
  },
  {
    uri: "az://bucket/lake",
    start: () => startAzureServer(),
    environment: (url: string) => ({
      AZURE_STORAGE_CONNECTION_STRING: `AccountName=account;AccountKey=c2VjcmV0;BlobEndpoint=${url}/account`,
    }),
  },
];

const NOON_MS = Date.UTC(2026, 2, 1, 12);
const DAY = "2026-03-01";
const period = { beginMs: NOON_MS, endMs: NOON_MS + 60_000 };

async function* lines(rows: readonly object[]) {
  for (const row of rows) yield { text: `${JSON.stringify(row)}\n` };
}

describe.each(buckets)("archives in $uri, with every fifth reply lost", (bucket) => {
  let folder: string;
  let server: ObjectServer;
  let close: (() => Promise<void>)[];
  /** Another machine each time: with copies of its own. */
  let machines: number;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "scouter-archives-"));
    server = await bucket.start();
    let requests = 0;
    server.misbehave(() => (++requests % 5 === 0 ? "lose-reply" : undefined));
    close = [];
    machines = 0;
  });
  afterEach(async () => {
    for (const one of close) await one();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  function machine() {
    const remote: RemoteLake = {
      uri: bucket.uri,
      environment: bucket.environment(server.url),
      cacheBytes: 1_000_000_000,
    };
    return { root: join(folder, String(machines++)), remote };
  }
  function opened<Archive extends { close(): Promise<void> }>(archive: Archive): Archive {
    close.push(() => archive.close());
    return archive;
  }

  it("a day of observations is read on another machine, also after it was written anew", async () => {
    const writer = opened(openObservationArchive(machine()));
    const reader = opened(openObservationArchive(machine()));
    const row = (second: number, value: number) => {
      const at = new Date(NOON_MS + second * 1_000).toISOString();
      const times = { received_at: at, created_at: at, position: second };
      return { profile_uid: "u", series: "a", value, ...times };
    };
    const write = (archive: typeof writer, epoch: number, values: readonly number[]) =>
      archive.write({ kind: "Custom", day: DAY, epoch }, lines(values.map((v, at) => row(at, v))));
    const chart = (archive: typeof writer) =>
      archive.valueChart({
        kind: "Custom",
        days: [DAY],
        profileUid: "u",
        ...period,
        widthMs: 60_000,
        originMs: 0,
        mostCharted: 1e150,
      });
    expect(await chart(reader)).toEqual([]);
    expect(await write(writer, 1, [1, 3])).toBe(2);
    expect(await chart(reader)).toMatchObject([{ count: 2, average: 2 }]);
    expect(await write(writer, 2, [5, 6, 7])).toBe(3);
    const third = opened(openObservationArchive(machine()));
    expect(await chart(third)).toMatchObject([{ count: 3, average: 6 }]);
    await expect(write(third, 2, [9])).rejects.toMatchObject({ kind: "conflict" });
    expect(await third.epoch()).toBe(2);
    await third.vacuum();
    expect(await chart(writer)).toMatchObject([{ count: 3, average: 6 }]);
  });

  it("parts of a day of evaluations are read on another machine", async () => {
    const writer = opened(openEvaluationArchive(machine()));
    const reader = opened(openEvaluationArchive(machine()));
    const record = (second: number) => {
      const at = new Date(NOON_MS + second * 1_000).toISOString();
      return {
        profile_uid: "u",
        space: "s",
        uid: `r-${second}`,
        created_at: at,
        received_at: at,
        ended_at: at,
        evaluated_at: at,
        result_created_at: at,
        status: "Processed",
        total_tasks: 1,
        passed_tasks: 1,
        failed_tasks: 0,
        errored_tasks: 0,
        skipped_tasks: 0,
        pass_rate: 1,
        tasks: [{ task_id: "a", outcome: "passed", value: 1, skipped_by: null }],
      };
    };
    const parts = [0, 1].map((part) => ({ day: DAY, part }));
    const profiles = (archive: typeof writer) =>
      archive.profileCounts({ ...period, parts, profileUids: ["u"] });
    await writer.write({ day: DAY, part: 0, epoch: 1 }, lines([record(1), record(2)]));
    await writer.write({ day: DAY, part: 1, epoch: 2 }, lines([record(3)]));
    const passed = (count: number) => ({ passed: count, failed: 0, errored: 0, skipped: 0 });
    expect(await profiles(reader)).toEqual([{ profileUid: "u", records: 3, tasks: passed(3) }]);
    await reader.write({ day: DAY, part: 1, epoch: 3 }, lines([record(3), record(4)]));
    const third = opened(openEvaluationArchive(machine()));
    expect(await profiles(third)).toEqual([{ profileUid: "u", records: 4, tasks: passed(4) }]);
  });
});
