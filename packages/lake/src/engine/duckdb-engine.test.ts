import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Engine, openEngine } from "./duckdb-engine.ts";

const LONG = "SELECT count(*)::INT FROM range(30000) a(i), range(3000) b(j) WHERE i + j > 0";
const COUNTED = 30_000 * 3_000 - 1;

describe("an engine that is closed", () => {
  let folder: string;
  let engine: Engine;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "scouter-engine-"));
    engine = await openEngine({ threads: 2, memoryLimitMb: 64, temporaryFolder: folder });
  });
  afterEach(async () => {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });

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

  it("ends after what its writer was asked for", async () => {
    const written = engine.writer.run("CREATE TABLE t AS SELECT i FROM range(500000) t(i)");
    await engine.close();
    await expect(written).resolves.toBeDefined();
  });

  it("refuses what comes later, and may be closed again", async () => {
    await Promise.all([engine.close(), engine.close()]);
    await expect(countWith("withConnection")).rejects.toMatchObject({ code: "LAKE_WORKER_ENDED" });
  });
});
