import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Engine, openEngine } from "../engine/duckdb-engine.ts";
import { withinQueryLimit } from "./query-limit.ts";

const HOUR_MS = 3_600_000;

async function endless(signal: AbortSignal): Promise<never> {
  await once(signal, "abort");
  throw new Error("interrupted");
}

describe("the time of a read", () => {
  it("is over for one that goes on for too long", async () => {
    await expect(withinQueryLimit(5, undefined, endless)).rejects.toMatchObject({
      code: "LAKE_QUERY_TIMEOUT",
      kind: "timeout",
      cause: { message: "interrupted" },
    });
  });

  it("is not what ends one whose caller went away", async () => {
    const caller = new AbortController();
    const read = withinQueryLimit(HOUR_MS, caller.signal, endless);
    caller.abort();
    await expect(read).rejects.toThrow("interrupted");
  });

  it("leaves results and other failures as they are", async () => {
    expect(await withinQueryLimit(HOUR_MS, undefined, async () => 5)).toBe(5);
    const failing = withinQueryLimit(HOUR_MS, undefined, async () => {
      throw new Error("ours");
    });
    await expect(failing).rejects.toThrow("ours");
  });
});

describe("a read that asks for too much", () => {
  let folder: string;
  let engine: Engine;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "scouter-limits-"));
    engine = await openEngine({ threads: 2, memoryLimitMb: 64, temporaryFolder: folder });
  });
  afterEach(async () => {
    await engine.close();
    await rm(folder, { recursive: true });
  });

  const rows = async (sql: string, signal?: AbortSignal) =>
    engine.withReader(
      async (connection) => (await connection.runAndReadAll(sql)).getRows(),
      signal,
    );
  const ENDLESS =
    "SELECT count(*) FROM range(10000000) AS a, range(10000000) AS b WHERE a.range < b.range";

  it("of memory fails alone, and the engine goes on", async () => {
    const greedy = rows("SELECT len(list(range)) FROM range(40000000)");
    await expect(greedy).rejects.toThrow(/out of memory/i);
    expect(await rows("SELECT 1")).toEqual([[1]]);
  });

  it("of time is interrupted in the midst of its statement, and the connection serves others", async () => {
    await expect(
      withinQueryLimit(50, undefined, (signal) => rows(ENDLESS, signal)),
    ).rejects.toMatchObject({ code: "LAKE_QUERY_TIMEOUT" });
    expect(await rows("SELECT 1")).toEqual([[1]]);
  });

  it("ends with its caller, while others run", async () => {
    const caller = new AbortController();
    const others = Promise.all([rows("SELECT sum(range) FROM range(1000000)"), rows("SELECT 2")]);
    const read = rows(ENDLESS, caller.signal);
    await others;
    caller.abort();
    await expect(read).rejects.toThrow(/interrupt/i);
  });
});
