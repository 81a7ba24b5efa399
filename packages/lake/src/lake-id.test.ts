import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startS3Server } from "@scouter/testkit/object-server/s3-server";
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

it.each([
  ["refuses to replace", false],
  ["replaces what it must not", true],
])("takes or refuses a store in a bucket that %s", async (_name, ignoresConditions) => {
  const server = await startS3Server("bucket", { ignoresConditions });
  const place = {
    uri: "s3://bucket/lake",
    environment: {
      AWS_ENDPOINT_URL: server.url,
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
    },
  };
  try {
    expect(await lakeIdOf(place)).toBeUndefined();
    const refused = { code: "LAKE_STORE_UNCONDITIONAL", kind: "invalid" };
    // First when the lake is made, then at every start.
    for (const ask of [() => giveLakeId(place, "a"), () => lakeIdOf(place)]) {
      if (ignoresConditions) await expect(ask()).rejects.toMatchObject(refused);
      else expect(await ask()).toBe("a");
    }
  } finally {
    await server.close();
  }
});
