import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FileIngestLog, openFileIngestLog } from "./file-ingest-log.ts";
import type { NewIngestEntry } from "./ingest-log.ts";
import { type LogFile, type LogFileSystem, nodeFileSystem } from "./log-file-system.ts";

type FailingCall =
  | "writev"
  | "half writev"
  | "datasync"
  | "truncate"
  | "create"
  | "remove"
  | "syncFolder";

/** A disk that fails the calls listed in `failing`. Syncs that succeed do nothing: no power is cut in tests. */
class FailingDisk {
  readonly failing = new Set<FailingCall>();
  /** Calls that change something, in order. */
  readonly calls: string[] = [];

  readonly fs: LogFileSystem = {
    ...nodeFileSystem,
    open: async (path, flags) => {
      if (flags === "wx") this.#call("create");
      return this.#file(await nodeFileSystem.open(path, flags));
    },
    remove: async (path) => {
      this.#call("remove");
      await nodeFileSystem.remove(path);
    },
    syncFolder: async () => {
      this.#call("syncFolder");
    },
  };

  #file(file: LogFile): LogFile {
    return {
      ...file,
      writev: async (buffers, position) => {
        if (this.failing.has("half writev")) {
          const all = Buffer.concat(buffers);
          await file.writev([all.subarray(0, all.length / 2)], position);
          this.#fail("half writev");
        }
        this.#call("writev");
        return file.writev(buffers, position);
      },
      datasync: async () => {
        this.#call("datasync");
      },
      truncate: async (size) => {
        this.#call("truncate");
        await file.truncate(size);
      },
    };
  }

  #call(call: FailingCall): void {
    this.calls.push(call);
    if (this.failing.has(call)) this.#fail(call);
  }

  #fail(call: string): never {
    throw Object.assign(new Error(`EIO: i/o error, ${call}`), { code: "EIO" });
  }
}

let root = "";
let owners = 0;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "ingest-log-disk-"));
});
afterEach(() => rm(root, { recursive: true }));

describe("a log on a failing disk", () => {
  const cases: readonly (readonly [string, readonly FailingCall[]])[] = [
    ["write fails", ["writev"]],
    ["write stops half way", ["half writev"]],
    ["sync fails", ["datasync"]],
    ["sync fails and the file cannot be cut back", ["datasync", "truncate"]],
    ["write stops half way and the file cannot be cut back", ["half writev", "truncate"]],
    ["new segment cannot be made", ["writev", "create"]],
    ["new segment cannot be made durable", ["writev", "syncFolder"]],
    ["nothing works", ["writev", "datasync", "truncate", "create", "remove", "syncFolder"]],
  ];

  it.each(cases)(
    "rejects what it cannot keep and goes on without a gap when the %s",
    async (_name, failing) => {
      const disk = new FailingDisk();
      const log = await openLog(disk);
      await log.append(entryOf(1));
      for (const call of failing) disk.failing.add(call);
      const results = await Promise.allSettled([2, 3].map((number) => log.append(entryOf(number))));
      for (const result of results) {
        expect(result).toMatchObject({
          status: "rejected",
          reason: { code: "INGEST_WRITE_FAILED", kind: "unavailable" },
        });
      }
      await expect(log.append(entryOf(4))).rejects.toMatchObject({ code: "INGEST_WRITE_FAILED" });
      disk.failing.clear();

      expect(await log.append(entryOf(3))).toMatchObject({ sequence: 2, duplicate: false });
      expect(await log.append(entryOf(5))).toMatchObject({ sequence: 3 });
      expect(await numbersOf(log, log.owner)).toEqual([1, 3, 5]);
      await log.close();
      const reopened = await openLog(new FailingDisk());
      expect(await numbersOf(reopened, log.owner)).toEqual([1, 3, 5]);
      await reopened.close();
    },
  );

  it("recovers when its very first write fails, even if the file could not be removed", async () => {
    const disk = new FailingDisk();
    const log = await openLog(disk);
    disk.failing.add("datasync").add("remove").add("truncate");
    await expect(log.append(entryOf(1))).rejects.toMatchObject({ code: "INGEST_WRITE_FAILED" });
    await expect(log.append(entryOf(2))).rejects.toMatchObject({ code: "INGEST_WRITE_FAILED" });
    disk.failing.clear();
    expect(await log.append(entryOf(1))).toMatchObject({ sequence: 1, duplicate: false });
    expect(await numbersOf(log, log.owner)).toEqual([1]);
    await log.close();
  });

  it("never writes to a file again after a failure in it", async () => {
    const disk = new FailingDisk();
    const log = await openLog(disk);
    await log.append(entryOf(1));
    disk.failing.add("datasync");
    await expect(log.append(entryOf(2))).rejects.toMatchObject({ code: "INGEST_WRITE_FAILED" });
    disk.failing.clear();
    await log.append(entryOf(3));
    expect(await segmentsOf(log)).toEqual(["00000000000000000001.log", "00000000000000000002.log"]);
    await log.close();
  });

  it("fails repeats of an entry under way together with it, and takes the next one as new", async () => {
    const disk = new FailingDisk();
    const log = await openLog(disk);
    disk.failing.add("writev");
    const appends = [1, 1, 1].map((number) => log.append(entryOf(number)));
    for (const result of await Promise.allSettled(appends)) expect(result.status).toBe("rejected");
    disk.failing.clear();
    expect((await log.append(entryOf(1))).duplicate).toBe(false);
    await log.close();
  });

  it("keeps a segment whose digests cannot be kept", async () => {
    const disk = new FailingDisk();
    const log = await openLog(disk, 500);
    for (const number of [1, 2, 3]) await log.append(entryOf(number, 400));
    disk.failing.add("datasync");
    await expect(log.release(log.owner, 2)).rejects.toMatchObject({
      code: "INGEST_STORAGE_FAILED",
    });
    expect(await segmentsOf(log)).toHaveLength(3);
    disk.failing.clear();
    await log.release(log.owner, 2);
    expect(await segmentsOf(log)).toHaveLength(1);
    await log.close();
    const reopened = await openLog(new FailingDisk());
    expect(await reopened.append(entryOf(2))).toMatchObject({ duplicate: true, sequence: 2 });
    await reopened.close();
  });

  it("syncs digests before it deletes their segment", async () => {
    const disk = new FailingDisk();
    const log = await openLog(disk, 500);
    for (const number of [1, 2]) await log.append(entryOf(number, 400));
    disk.calls.length = 0;
    await log.release(log.owner, 1);
    expect(disk.calls.indexOf("datasync")).toBeGreaterThanOrEqual(0);
    expect(disk.calls.indexOf("remove")).toBeGreaterThan(disk.calls.lastIndexOf("datasync"));
    expect(disk.calls.indexOf("remove")).toBeGreaterThan(disk.calls.lastIndexOf("syncFolder"));
    await log.close();
  });

  it("keeps every acknowledged entry once through any failures", async () => {
    const call = fc.constantFrom<FailingCall>(
      "writev",
      "half writev",
      "datasync",
      "truncate",
      "create",
      "remove",
      "syncFolder",
    );
    const round = fc.record({
      failing: fc.uniqueArray(call, { maxLength: 4 }),
      appends: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(round, { maxLength: 15 }),
        fc.boolean(),
        async (rounds, isSmall) => {
          const disk = new FailingDisk();
          const log = await openLog(disk, isSmall ? 300 : undefined);
          const acknowledged: number[] = [];
          let number = 0;
          for (const { failing, appends } of rounds) {
            disk.failing.clear();
            for (const each of failing) disk.failing.add(each);
            const numbers = Array.from({ length: appends }, () => ++number);
            const results = await Promise.allSettled(
              numbers.map((each) => log.append(entryOf(each))),
            );
            acknowledged.push(
              ...numbers.filter((_, index) => results[index]?.status === "fulfilled"),
            );
          }
          // The process is killed here: what a new one finds is what counts.
          const reader = await openLog(new FailingDisk());
          const found = await numbersOf(reader, log.owner);
          expect(new Set(found).size).toBe(found.length);
          expect(acknowledged.filter((each) => !found.includes(each))).toEqual([]);
          disk.failing.clear();
          await log.close();
          await reader.close();
          // The next run begins with an empty folder.
          await rm(root, { recursive: true });
          await mkdir(root);
        },
      ),
      { numRuns: 60 },
    );
  });
});

function openLog(disk: FailingDisk, segmentBytes?: number): Promise<FileIngestLog> {
  return openFileIngestLog({
    root,
    owner: `0193f1a0-0000-7000-8000-${String(++owners).padStart(12, "0")}`,
    clock: new ManualClock(),
    fs: disk.fs,
    ...(segmentBytes !== undefined && { segmentBytes }),
  });
}

async function segmentsOf(log: FileIngestLog): Promise<readonly string[]> {
  const names = await readdir(join(root, log.owner));
  return names.filter((name) => name.endsWith(".log")).sort();
}

/** Numbers of the entries of an owner; fails on damage. */
async function numbersOf(log: FileIngestLog, owner: string): Promise<number[]> {
  const numbers: number[] = [];
  for await (const entry of log.read(owner, 0)) {
    expect(entry.damaged).toBeUndefined();
    if (!entry.damaged) numbers.push(Buffer.from(entry.digest).readUInt32LE(0));
  }
  return numbers;
}

function entryOf(number: number, payloadBytes = 30): NewIngestEntry {
  const digest = Buffer.alloc(20);
  digest.writeUInt32LE(number);
  const payload = new Uint8Array(payloadBytes).fill(number);
  return { format: "otlp-json", payload, digest, receivedAt: number, rejected: [] };
}
