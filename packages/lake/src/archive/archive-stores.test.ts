import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAzureServer } from "@scouter/testkit/object-server/azure-server";
import { startGcsServer } from "@scouter/testkit/object-server/gcs-server";
import type { ObjectServer, ServerFault } from "@scouter/testkit/object-server/object-server";
import { startS3Server } from "@scouter/testkit/object-server/s3-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RemoteLake } from "../table/data-files.ts";
import { openEvaluationArchive } from "./open-evaluation-archive.ts";
import { openObservationArchive } from "./open-observation-archive.ts";

/** The archives' life on every store: written, written again, merged, read by others, expired. */

interface Place {
  readonly store: string;
  readonly start?: () => Promise<ObjectServer>;
  readonly uri?: string;
  readonly environment?: (url: string) => Readonly<Record<string, string>>;
}

const places: readonly Place[] = [
  { store: "a local folder" },
  {
    store: "S3",
    start: startS3Server,
    uri: "s3://bucket/lake",
    environment: (url) => ({
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
    }),
  },
  {
    store: "Google Cloud Storage",
    start: startGcsServer,
    uri: "gs://bucket/lake",
    environment: (url) => ({ STORAGE_EMULATOR_HOST: url }),
  },
  {
    store: "Azure",
    start: startAzureServer,
    uri: "az://bucket/lake",
    environment: (url) => ({
      AZURE_STORAGE_CONNECTION_STRING: `AccountName=account;AccountKey=c2VjcmV0;BlobEndpoint=${url}/account`,
    }),
  },
];

const NOON_MS = Date.UTC(2026, 2, 1, 12);
const DAY_MS = 86_400_000;
const dayOf = (number: number) => new Date(NOON_MS + number * DAY_MS).toISOString().slice(0, 10);

describe.each(places)("the archives on $store", ({ start, uri, environment }) => {
  let folder: string;
  let server: ObjectServer | undefined;
  let remote: RemoteLake | undefined;
  const opened: { close(): Promise<void> }[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "scouter-archive-stores-"));
    server = await start?.();
    server?.misbehave(everyFewRequests());
    remote =
      server && uri && environment
        ? { uri, environment: environment(server.url), cacheBytes: 2 ** 30 }
        : undefined;
  });
  afterEach(async () => {
    for (const archive of opened.splice(0)) await archive.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** In a bucket each process has a folder of its own; a local lake is one folder for all. */
  function placeOf(process: string) {
    return { root: remote === undefined ? folder : join(folder, process), remote };
  }
  function observations(process: string) {
    const archive = openObservationArchive(placeOf(process));
    opened.push(archive);
    return archive;
  }
  function evaluations(process: string) {
    const archive = openEvaluationArchive(placeOf(process));
    opened.push(archive);
    return archive;
  }

  it("keep observations through repeats, merges and the end of old days", async () => {
    const [writer, reader] = [observations("a"), observations("b")];
    const days = [0, 1, 2].map((number) => ({ kind: "Custom", day: dayOf(number) }));
    let epoch = 0;
    // As two files, as of a day with much text: the first write was cut short before the database knew.
    for (const { kind, day } of [days[0]!, ...days]) {
      await writer.write({ kind, day, epoch: ++epoch }, observed(day, [1, 2, 3]));
    }
    const chart = (of: typeof days) =>
      reader.valueChart({
        kind: "Custom",
        days: of.map(({ day }) => day),
        profileUid: "u",
        beginMs: NOON_MS - DAY_MS,
        endMs: NOON_MS + 5 * DAY_MS,
        widthMs: DAY_MS,
        originMs: 0,
        mostCharted: 1e150,
      });
    const counts = async (of: typeof days) => (await chart(of)).map(({ count }) => count);
    expect(await counts(days)).toEqual([3, 3, 3]);
    // One file a day: there is nothing to merge, and days are not merged with others.
    expect(await writer.merge(days, ++epoch)).toBe(false);
    const before = await chart(days);

    expect(await writer.expire(dayOf(1), ++epoch)).toBe(1);
    expect(await writer.expire(dayOf(1), ++epoch)).toBe(0);
    const fresh = observations("c");
    expect(await fresh.epoch()).toBe(epoch - 1);
    const stale = writer.expire(dayOf(2), epoch - 1);
    await expect(stale).rejects.toMatchObject({ kind: "conflict" });
    // A reader that knows the day still may find it, as its files stay for a day; one that begins now does not.
    expect(await counts(days.slice(1))).toEqual([3, 3]);
    expect(await chart(days.slice(1))).toEqual(before.slice(1));
    await writer.vacuum();
    expect(await counts(days.slice(1))).toEqual([3, 3]);
  });

  it("merge the parts of a day into one file, of which the rows stay what they were", async () => {
    const [writer, reader] = [evaluations("a"), evaluations("b")];
    let epoch = 0;
    const parts = [0, 1, 2].map((part) => ({ day: dayOf(0), part }));
    for (const part of parts) await writer.write({ ...part, epoch: ++epoch }, records(part.part));
    // Cut short before the database named it: no part of the day, and not merged.
    await writer.write({ day: dayOf(0), part: 3, epoch: ++epoch }, records(3));
    await writer.write({ day: dayOf(1), part: 0, epoch: ++epoch }, records(4));
    const listed = [...parts, { day: dayOf(1), part: 0 }];
    const seenBy = (archive: typeof reader) =>
      archive.counts({
        parts: listed,
        of: { profileUid: "u" },
        beginMs: NOON_MS - DAY_MS,
        endMs: NOON_MS + 5 * DAY_MS,
        buckets: 1,
      });
    const before = await seenBy(reader);
    expect(before).toMatchObject([{ records: 8 }]);

    expect(await writer.merge(listed, ++epoch)).toBe(true);
    expect(await writer.merge(listed, ++epoch)).toBe(false);
    // One that looked before still reads the old files; one that begins now the merged one.
    expect(await seenBy(reader)).toEqual(before);
    expect(await seenBy(evaluations("c"))).toEqual(before);
    expect(await seenBy(writer)).toEqual(before);

    // A further part of the day, and the next merge takes in what the first has made.
    await writer.write({ day: dayOf(0), part: 3, epoch: ++epoch }, records(5));
    const all = [...listed, { day: dayOf(0), part: 3 }];
    expect(await writer.merge(all, ++epoch)).toBe(true);
    const range = { beginMs: NOON_MS - DAY_MS, endMs: NOON_MS + 5 * DAY_MS, buckets: 1 };
    expect(
      await evaluations("d").counts({ parts: all, of: { spaces: "all" }, ...range }),
    ).toMatchObject([{ records: 10 }]);
  });
});

/** About one request in eight goes wrong, in a different way each time. */
function everyFewRequests(): () => ServerFault | undefined {
  const faults: readonly ServerFault[] = ["refuse", "lose-reply", "drop", "throttle"];
  let seen = 0;
  return () => (++seen % 8 === 0 ? faults[(seen / 8) % faults.length] : undefined);
}

async function* observed(day: string, values: readonly number[]) {
  const at = `${day}T12:00:00Z`;
  const row = { profile_uid: "u", series: "a", received_at: at, created_at: at, position: 0 };
  yield { text: values.map((value) => `${JSON.stringify({ ...row, value })}\n`).join("") };
}

/** Two records, evaluated on the first day. */
async function* records(number: number) {
  const at = new Date(NOON_MS + number * 1000).toISOString();
  const row = {
    profile_uid: "u",
    space: "s",
    record_id: "r",
    session_id: "",
    created_at: at,
    received_at: at,
    ended_at: at,
    status: "Processed",
    attempts: 0,
    revision: 0,
    record_source: "Queue",
    entity_type: "Agent",
    tags: "[]",
    context: "{}",
    evaluated_at: at,
    result_created_at: at,
    total_tasks: 1,
    passed_tasks: 1,
    failed_tasks: 0,
    errored_tasks: 0,
    skipped_tasks: 0,
    pass_rate: 1,
    tasks: [],
  };
  for (const half of [0, 1])
    yield { text: `${JSON.stringify({ ...row, uid: `${number}-${half}` })}\n` };
}
