import { appendFile, mkdtemp, readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FileIngestLog, openFileIngestLog } from "./file-ingest-log.ts";
import type { NewIngestEntry } from "./ingest-log.ts";
import { nodeFileSystem } from "./log-file-system.ts";
import { readOwner } from "./owner-reader.ts";

const OWNER = "0193f1a0-0000-7000-8000-000000000001";
const READER = "0193f1a0-0000-7000-8000-000000000002";

let root = "";
const logs: FileIngestLog[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "ingest-log-damage-"));
});
afterEach(async () => {
  for (const log of logs.splice(0)) await log.close();
  await rm(root, { recursive: true });
});

describe("a log whose file is damaged", () => {
  it.each([
    ["garbage", Buffer.from("garbage".repeat(20))],
    ["the beginning of a frame", Buffer.from("RECL")],
    ["a block of zeros", Buffer.alloc(4096)],
  ])("passes over %s at the end", async (_name, tail) => {
    const [segment] = await writeLog([10, 10, 10]);
    await appendFile(segment, tail);
    expect(await read()).toEqual({ sequences: [1, 2, 3], damages: 0 });
  });

  it("passes over a last entry that is cut off anywhere", async () => {
    const [segment] = await writeLog([10, 10, 200]);
    const whole = await readFile(segment);
    const lastEntry = whole.lastIndexOf("RECL");
    for (let size = whole.length - 1; size >= lastEntry; size -= 13) {
      await truncate(segment, size);
      expect(await read()).toEqual({ sequences: [1, 2], damages: 0 });
    }
  });

  it("passes over a last entry whose pages were not all written", async () => {
    const [segment] = await writeLog([10, 10, 9000]);
    const whole = await readFile(segment);
    await writeFile(segment, whole.fill(0, whole.length - 4096));
    expect(await read()).toEqual({ sequences: [1, 2], damages: 0 });
  });

  it("tells of a flipped byte before the last entry and reads on, wherever it is", async () => {
    const [segment] = await writeLog([50, 0, 300, 20, 10]);
    const whole = await readFile(segment);
    const lastEntry = whole.lastIndexOf("RECL");
    const starts = [...positionsOf(whole, "RECL")];
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: lastEntry - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
        const damaged = Buffer.from(whole);
        damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << bit), at);
        await writeFile(segment, damaged);
        // The header of the file holds nothing that is needed.
        const hit = starts.findLastIndex((start) => start <= at) + 1;
        const sequences = [1, 2, 3, 4, 5].filter((sequence) => sequence !== hit);
        expect(await read()).toEqual({ sequences, damages: hit === 0 ? 0 : 1 });
      }),
      { numRuns: 150 },
    );
  });

  it("does not tell of damage among entries that the reader has passed", async () => {
    const [segment] = await writeLog([10, 10, 10, 10]);
    const whole = await readFile(segment);
    const [, second = 0] = positionsOf(whole, "RECL");
    await writeFile(segment, whole.fill(0xff, second + 30, second + 40));
    expect(await read(1)).toEqual({ sequences: [3, 4], damages: 1 });
    expect(await read(2)).toEqual({ sequences: [3, 4], damages: 0 });
  });

  it("does not take bytes of a payload for an entry", async () => {
    // Records of another log, as a client could send them that knows the format but not the owner.
    const [foreign] = await writeLog([10, 10], undefined, "0193f1a0-0000-7000-8000-000000000009");
    const records = (await readFile(foreign)).subarray(16);
    const [forged] = await writeLog([30, records, 20]);
    const whole = await readFile(forged);
    // The frame of entry 2 is lost, so the reader searches through its payload.
    const second = [...positionsOf(whole, "RECL")][1] ?? 0;
    await writeFile(forged, whole.fill(0, second, second + 4));
    expect(await read()).toEqual({ sequences: [1, 3], damages: 1 });
  });

  it("tells of a last entry of a segment that is damaged or cut off, as another segment follows", async () => {
    const segments = await writeLog([600, 600, 600, 600], 1_000);
    expect(segments).toHaveLength(4);
    await truncate(segments[1] ?? "", 300);
    expect(await read()).toEqual({ sequences: [1, 3, 4], damages: 1 });
    await truncate(segments[1] ?? "", 0);
    expect(await read()).toEqual({ sequences: [1, 3, 4], damages: 1 });
    await rm(segments[2] ?? "");
    expect(await read()).toEqual({ sequences: [1, 4], damages: 1 });
  });

  it("still counts a damaged entry as held until its number is released", async () => {
    const segments = await writeLog([600, 600], 1_000);
    await truncate(segments[0] ?? "", 300);
    const log = await openReader();
    await log.adopt(OWNER);
    await log.release(OWNER, 1);
    expect(await readdir(join(root, OWNER))).toEqual(["00000000000000000002.log"]);
    await log.release(OWNER, 2);
    expect(await log.adoptable()).toEqual([]);
  });

  it("refuses a file of a format it does not know", async () => {
    const [segment] = await writeLog([10]);
    const bytes = await readFile(segment);
    bytes.writeUInt32LE(2, 8);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 12)), 12);
    await writeFile(segment, bytes);
    await expect(openReader()).rejects.toMatchObject({
      code: "INGEST_STORAGE_FAILED",
      message: expect.stringContaining("format version 2"),
    });
  });
});

/** Writes a log with payloads of these sizes, or these payloads; resolves with its segment files. */
async function writeLog(
  payloads: readonly (number | Uint8Array)[],
  segmentBytes?: number,
  owner = OWNER,
): Promise<[string, ...string[]]> {
  const clock = new ManualClock();
  const log = await openFileIngestLog({
    root,
    owner,
    clock,
    ...(segmentBytes !== undefined && { segmentBytes }),
  });
  for (const [index, payload] of payloads.entries()) {
    const bytes = typeof payload === "number" ? new Uint8Array(payload).fill(index + 1) : payload;
    await log.append(entryOf(index + 1, bytes, owner));
  }
  await log.close();
  const names = (await readdir(join(root, owner))).filter((name) => name.endsWith(".log")).sort();
  return names.map((name) => join(root, owner, name)) as [string, ...string[]];
}

async function openReader(): Promise<FileIngestLog> {
  const log = await openFileIngestLog({ root, owner: READER, clock: new ManualClock() });
  logs.push(log);
  return log;
}

/** What a reader finds after `afterSequence`; fails when an entry's content is not its own. */
async function read(afterSequence = 0): Promise<{ sequences: number[]; damages: number }> {
  const sequences: number[] = [];
  let damages = 0;
  for await (const entry of readOwner(nodeFileSystem, root, OWNER, afterSequence, Infinity)) {
    if (entry.damaged) {
      damages++;
      continue;
    }
    expect(entry.digest[0]).toBe(entry.sequence);
    sequences.push(entry.sequence);
  }
  return { sequences, damages };
}

/** The first byte of the digest is the number; the rest keeps owners apart. */
function entryOf(number: number, payload: Uint8Array, owner: string): NewIngestEntry {
  const digest = Buffer.alloc(20, owner.slice(-8));
  digest.writeUInt8(number);
  return { format: "otlp-protobuf", payload, digest, receivedAt: number, rejected: [] };
}

function* positionsOf(bytes: Buffer, text: string): Generator<number> {
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) yield at;
}
