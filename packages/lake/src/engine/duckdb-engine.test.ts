import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBDataChunk, INTEGER } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Segment } from "../writer/segment.ts";
import { type Engine, openEngine } from "./duckdb-engine.ts";

const ENDLESS =
  "SELECT count(*) FROM range(10000000) AS a, range(10000000) AS b WHERE a.range < b.range";
const LONG = "SELECT count(*)::INT FROM range(30000) a(i), range(3000) b(j) WHERE i + j > 0";
const COUNTED = 30_000 * 3_000 - 1;

let folder: string;
let engine: Engine;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "scouter-engine-"));
  engine = await openEngine({ threads: 2, memoryLimitMb: 256, temporaryFolder: folder });
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

const rows = (sql: string) =>
  engine.withConnection(async (connection) => (await connection.runAndReadAll(sql)).getRows());

describe("rows that are appended", () => {
  it("are never refused because tables of other segments are made and dropped meanwhile", async () => {
    await rows("CREATE TABLE appended (number INTEGER)");
    const appender = await engine.appending.createAppender("appended");
    let isOver = false;
    const others = (async () => {
      let segments = 0;
      for (; !isOver; segments += 1) {
        const segment = await Segment.create(engine, `segment_${segments}`, "owner", 1);
        await segment.drop();
      }
      return segments;
    })();
    const FLUSHES = 2_000;
    for (let flush = 0; flush < FLUSHES; flush += 1) {
      const chunk = DuckDBDataChunk.create([INTEGER], 1);
      chunk.setColumns([[flush]]);
      appender.appendDataChunk(chunk);
      appender.flushSync();
      if (flush % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    isOver = true;
    expect(await others).toBeGreaterThan(10);
    appender.closeSync();
    expect(await rows("SELECT count(*), count(DISTINCT number) FROM appended")).toEqual([
      [BigInt(FLUSHES), BigInt(FLUSHES)],
    ]);
  });
});

describe("an abort", () => {
  it("between two statements ends the one that comes", async () => {
    const caller = new AbortController();
    const work = engine.withReader(async (connection) => {
      await connection.run("SELECT 1");
      const aborted = once(caller.signal, "abort");
      caller.abort();
      await aborted;
      await connection.run(ENDLESS);
    }, caller.signal);
    await expect(work).rejects.toThrow(/interrupt/i);
    expect(await rows("SELECT 1")).toEqual([[1]]);
  });

  it("is not forgotten when the work came to its end all the same", async () => {
    const caller = new AbortController();
    const work = engine.withReader(async () => caller.abort(), caller.signal);
    await expect(work).rejects.toThrow(/abort/i);
    expect(await rows("SELECT 1")).toEqual([[1]]);
  });

  it("before the work begins keeps it from beginning", async () => {
    let hasBegun = false;
    const begin = async () => {
      hasBegun = true;
    };
    await expect(engine.withReader(begin, AbortSignal.abort())).rejects.toThrow(/abort/i);
    expect(hasBegun).toBe(false);
  });
});

describe("an engine that is closed", () => {
  const countWith = (kind: "withReader" | "withConnection") =>
    engine[kind](async (connection) => {
      const reader = await connection.runAndReadAll(LONG);
      return reader.getRows()[0]?.[0];
    });

  it.each(["withReader", "withConnection"] as const)("ends after what runs %s", async (kind) => {
    const done: string[] = [];
    const count = countWith(kind).finally(() => done.push("read"));
    const closed = engine.close().then(() => done.push("closed"));
    expect(await count).toBe(COUNTED);
    await closed;
    expect(done).toEqual(["read", "closed"]);
  });

  it("refuses what comes later, and may be closed again", async () => {
    await Promise.all([engine.close(), engine.close()]);
    await expect(countWith("withConnection")).rejects.toMatchObject({ code: "LAKE_WORKER_ENDED" });
  });
});
