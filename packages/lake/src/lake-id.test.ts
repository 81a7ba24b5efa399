import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { giveLakeId, lakeIdOf } from "./lake-id.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "scouter-lake-id-"));
});
afterEach(() => rm(root, { recursive: true }));

it("keeps the first id, also when several processes start together", async () => {
  const ids = await Promise.all(
    ["a", "b", "c", "d"].map((id) => giveLakeId(join(root, "lake"), id)),
  );
  expect(new Set(ids).size).toBe(1);
  expect(await giveLakeId(join(root, "lake"), "later")).toBe(ids[0]);
  expect(await lakeIdOf(join(root, "lake"))).toBe(ids[0]);
  expect(await readdir(join(root, "lake"))).toEqual(["scouter-lake.json"]);
});

it("leaves no trace in a folder that is only asked", async () => {
  expect(await lakeIdOf(root)).toBeUndefined();
  expect(await readdir(root)).toEqual([]);
});

it.each([["{"], ["{}"], ['{"id":7}']])("refuses the mark %s", async (mark) => {
  await writeFile(join(root, "scouter-lake.json"), mark);
  await expect(giveLakeId(root, "a")).rejects.toMatchObject({ code: "LAKE_ID_UNREADABLE" });
});
