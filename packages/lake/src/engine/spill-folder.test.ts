import { mkdir, mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openEngine } from "./duckdb-engine.ts";
import { openSpillFolder } from "./spill-folder.ts";

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "scouter-spill-"));
});
afterEach(() => rm(parent, { recursive: true }));

it("two engines on one folder that need more than their memory keep their rows apart", async () => {
  const ROWS = 1_000_000;
  const open = () => openEngine({ threads: 1, memoryLimitMb: 48, temporaryFolder: parent });
  const engines = [await open(), await open()];
  const sums = engines.map((engine, index) =>
    engine.withConnection(async (connection) => {
      const table = `(SELECT md5((i + ${index})::VARCHAR) AS text, i FROM range(${ROWS}) t(i))`;
      await connection.run(`CREATE TABLE sorted AS SELECT * FROM ${table} ORDER BY text`);
      const reader = await connection.runAndReadAll(
        `SELECT count(*), sum(i), count(*) FILTER (text <> md5((i + ${index})::VARCHAR)) FROM sorted`,
      );
      return reader.getRows()[0];
    }),
  );
  const whole = [BigInt(ROWS), (BigInt(ROWS) * BigInt(ROWS - 1)) / 2n, 0n];
  const spilled = Promise.all(sums);
  expect(await spilled).toEqual([whole, whole]);
  expect(await readdir(parent)).toHaveLength(2);
  for (const engine of engines) await engine.close();
  expect(await readdir(parent)).toEqual([]);
});

it("what killed processes left is removed after a day, and nothing of others", async () => {
  const dead = 2 ** 22 + 1; // above any number that a process has
  const names = [
    `spill-${dead}-old`,
    `spill-${dead}-young`,
    `spill-${process.pid}-old`,
    "part-old",
  ];
  const longAgo = new Date(Date.now() - 25 * 3_600_000);
  for (const name of names) {
    await mkdir(join(parent, name));
    if (name.endsWith("old")) await utimes(join(parent, name), longAgo, longAgo);
  }
  const spill = await openSpillFolder(parent);
  expect((await readdir(parent)).toSorted()).toEqual(names.slice(1).toSorted());
  await mkdir(spill.folder);
  await spill.remove();
  expect(await readdir(parent)).toHaveLength(3);
});
