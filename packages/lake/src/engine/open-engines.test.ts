import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openEngine } from "./duckdb-engine.ts";
import { haltEngines } from "./open-engines.ts";

const ENDLESS =
  "SELECT count(*) FROM range(10000000) AS a, range(10000000) AS b WHERE a.range < b.range";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "scouter-engines-"));
});
afterEach(() => rm(folder, { recursive: true }));

const options = () => ({ threads: 2, memoryLimitMb: 256, temporaryFolder: folder });

it("engines that are halted end what runs, also work of several statements, and begin nothing", async () => {
  const engines = [await openEngine(options()), await openEngine(options())];
  const work = engines.map((engine) =>
    engine.withReader(async (connection) => {
      await connection.run("SELECT 1");
      await connection.run(ENDLESS);
    }),
  );
  const ended = Promise.allSettled(work);
  await haltEngines();
  expect((await ended).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  for (const engine of engines) {
    const more = engine.withConnection((connection) => connection.run("SELECT 1"));
    await expect(more).rejects.toMatchObject({ code: "LAKE_WORKER_ENDED" });
    await engine.close();
  }
  expect(await readdir(folder)).toEqual([]);
});

it("engines that were closed leave no listener behind", async () => {
  const before = process.listenerCount("exit");
  const engines = [await openEngine(options()), await openEngine(options())];
  expect(process.listenerCount("exit")).toBe(before + 1);
  for (const engine of engines) await engine.close();
  expect(process.listenerCount("exit")).toBe(before);
});
