import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FileIngestLog, openFileIngestLog } from "./file-ingest-log.ts";
import { DIGEST_TTL_MS, type NewIngestEntry } from "./ingest-log.ts";

let root = "";
let clock = new ManualClock();
const logs: FileIngestLog[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "ingest-log-files-"));
  clock = new ManualClock();
});
afterEach(async () => {
  for (const log of logs.splice(0)) await log.close();
  await rm(root, { recursive: true });
});

describe("the files of an ingest log", () => {
  it("are segments named by their first entry, of about the size asked for", async () => {
    const log = await openLog(1, 10_000);
    for (let number = 1; number <= 30; number++) await log.append(entryOf(number, 1_000));
    const names = await segmentsOf(log);
    expect(names).toEqual([1, 10, 19, 28].map((first) => `${String(first).padStart(20, "0")}.log`));
    for (const name of names) {
      expect((await stat(join(root, log.owner, name))).size).toBeLessThanOrEqual(10_000);
    }
    expect(log.capabilities).toEqual({ durability: "power", shared: false });
  });

  it("hold an entry larger than a segment in one of its own", async () => {
    const log = await openLog(1, 1_000);
    for (const bytes of [10, 5_000, 10]) await log.append(entryOf(bytes + logs.length, bytes));
    await log.append(entryOf(99, 10));
    expect((await segmentsOf(log)).length).toBe(3);
  });

  it("are deleted when released, whole segments at a time", async () => {
    const log = await openLog(1, 10_000);
    for (let number = 1; number <= 30; number++) await log.append(entryOf(number, 1_000));
    await log.release(log.owner, 17);
    expect(await segmentsOf(log)).toHaveLength(3);
    await log.release(log.owner, 18);
    expect(await segmentsOf(log)).toHaveLength(2);
    await log.release(log.owner, 30);
    // The open one is small: it stays until it is worth a new file.
    expect(await segmentsOf(log)).toHaveLength(1);
  });

  it("do not grow when every entry is released at once", async () => {
    const log = await openLog(1);
    for (let number = 1; number <= 40; number++) {
      const { sequence } = await log.append(entryOf(number, 200_000));
      await log.release(log.owner, sequence);
      expect(await bytesBelow(join(root, log.owner))).toBeLessThan(2 << 20);
    }
    expect((await log.append(entryOf(41))).sequence).toBe(41);
  });

  it("are gone when the log is closed with everything released", async () => {
    const log = await openLog(1);
    await log.append(entryOf(1));
    await log.release(log.owner, 1);
    await log.close();
    expect(await readdir(root)).toEqual(["digests"]);
  });

  it("of owners that hold nothing are removed at opening", async () => {
    const owner = ownerOf(7);
    await mkdir(join(root, owner));
    await mkdir(join(root, "not an owner"));
    await openLog(1);
    expect((await readdir(root)).sort()).toEqual([ownerOf(1), "digests", "not an owner"].sort());
  });

  it("keep digests no longer than they are needed", async () => {
    const log = await openLog(1, 1_000);
    const digestBytes: number[] = [];
    for (let number = 1; number <= 60; number++) {
      const { sequence } = await log.append(entryOf(number, 1_000));
      await log.release(log.owner, sequence);
      await clock.advance(60_000);
      digestBytes.push(await bytesBelow(join(root, "digests")));
    }
    expect(digestBytes.at(-1)).toBeGreaterThan(0);
    expect(Math.max(...digestBytes.slice(30))).toBeLessThanOrEqual(
      Math.max(...digestBytes.slice(0, 30)),
    );
    await log.close();
    await clock.advance(DIGEST_TTL_MS);
    await openLog(2);
    expect(await readdir(join(root, "digests"))).toEqual([]);
  });

  it("belong to one process start: an owner is not used twice", async () => {
    const log = await openLog(1);
    await log.append(entryOf(1));
    await expect(openLog(1)).rejects.toMatchObject({ code: "INGEST_OWNER_REUSED" });
    await log.close();
    await expect(openLog(1)).rejects.toMatchObject({ code: "INGEST_OWNER_REUSED" });
  });

  it.each(["", "owner", "../x", "0193F1A0-0000-7000-8000-000000000001"])(
    "cannot be reached by the owner '%s'",
    async (owner) => {
      const invalid = { code: "INGEST_OWNER_INVALID" };
      await expect(openFileIngestLog({ root, owner, clock })).rejects.toMatchObject(invalid);
      const log = await openLog(1);
      await expect(log.adopt(owner)).rejects.toMatchObject(invalid);
      await expect(log.release(owner, 1)).rejects.toMatchObject(invalid);
      await expect(log.read(owner, 0).next()).rejects.toMatchObject(invalid);
    },
  );

  it("of another owner are not deleted unless it was adopted", async () => {
    const first = await openLog(1);
    await first.append(entryOf(1));
    const second = await openLog(2);
    await expect(second.release(first.owner, 1)).rejects.toMatchObject({
      code: "INGEST_OWNER_NOT_ADOPTED",
      kind: "conflict",
    });
    expect((await first.append(entryOf(2))).sequence).toBe(2);
  });
});

async function openLog(number: number, segmentBytes?: number): Promise<FileIngestLog> {
  const log = await openFileIngestLog({
    root,
    owner: ownerOf(number),
    clock,
    ...(segmentBytes !== undefined && { segmentBytes }),
  });
  logs.push(log);
  return log;
}

function ownerOf(number: number): string {
  return `0193f1a0-0000-7000-8000-${String(number).padStart(12, "0")}`;
}

async function segmentsOf(log: FileIngestLog): Promise<readonly string[]> {
  const names = await readdir(join(root, log.owner));
  return names.filter((name) => name.endsWith(".log")).sort();
}

async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder)) bytes += (await stat(join(folder, name))).size;
  return bytes;
}

function entryOf(number: number, payloadBytes = 30): NewIngestEntry {
  const digest = Buffer.alloc(20);
  digest.writeUInt32LE(number);
  const payload = new Uint8Array(payloadBytes).fill(number);
  return { format: "otlp-json", payload, digest, receivedAt: number, rejected: [] };
}
