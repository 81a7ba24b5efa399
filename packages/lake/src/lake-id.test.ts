import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startS3Server } from "@scouter/testkit/object-server/s3-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
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

describe("a lake in a bucket", () => {
  const placeAt = (url: string) => ({
    uri: "s3://bucket/lake",
    environment: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
    },
  });

  it("keeps its first id", async () => {
    const server = await startS3Server();
    const place = placeAt(server.url);
    expect(await lakeIdOf(place)).toBeUndefined();
    expect(await giveLakeId(place, "a")).toBe("a");
    expect(await giveLakeId(place, "b")).toBe("a");
    expect(await lakeIdOf(place)).toBe("a");
    await server.close();
  });

  it("is refused, when it is made and later, where the store replaces what it must not", async () => {
    const server = await startS3Server("bucket", { ignoresConditions: true });
    const place = placeAt(server.url);
    const refused = { code: "LAKE_STORE_UNCONDITIONAL", kind: "invalid" };
    await expect(giveLakeId(place, "a")).rejects.toMatchObject(refused);
    await expect(lakeIdOf(place)).rejects.toMatchObject(refused);
    await server.close();
  });
});
