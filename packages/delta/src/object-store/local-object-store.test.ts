import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { objectStoreContract } from "@scouter/testkit/contract/object-store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLocalObjectStore } from "./local-object-store.ts";

objectStoreContract("LocalObjectStore", async () => {
  const root = await mkdtemp(join(tmpdir(), "local-object-store-"));
  return {
    store: await openLocalObjectStore(root),
    other: await openLocalObjectStore(root),
    close: () => rm(root, { recursive: true }),
  };
});

describe("LocalObjectStore", () => {
  let root = "";
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "local-object-store-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  it("makes its folder, with those above it", async () => {
    const store = await openLocalObjectStore(join(root, "a", "b"));
    await store.put("c/d", Buffer.from("x"));
    expect(await readdir(join(root, "a", "b", "c"))).toEqual(["d"]);
    expect(store.capabilities).toEqual({ durability: "power", localRoot: join(root, "a", "b") });
  });

  it("leaves no temporary file behind, whatever the outcome", async () => {
    const store = await openLocalObjectStore(root);
    await store.put("a", Buffer.from("x"));
    await store.putIfAbsent("a", Buffer.from("y"));
    await store.putIfAbsent("b", Buffer.from("y"));
    await expect(store.put("a/below", Buffer.from("z"))).rejects.toMatchObject({
      code: "OBJECT_KEY_INVALID",
    });
    expect(await readdir(join(root, ".object-store-tmp"))).toEqual([]);
  });

  it("deletes old leftovers at opening, keeps young ones, and lists neither", async () => {
    const folder = join(root, ".object-store-tmp");
    await mkdir(folder);
    for (const name of ["old", "young"]) await writeFile(join(folder, name), "half");
    const twoHoursAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(join(folder, "old"), twoHoursAgo, twoHoursAgo);
    const store = await openLocalObjectStore(root);
    expect(await readdir(folder)).toEqual(["young"]);
    for (const prefix of ["", ".", ".object-store-tmp", ".object-store-tmp/"]) {
      for await (const { key } of store.list(prefix)) expect.unreachable(`listed ${key}`);
    }
    await expect(store.get(".object-store-tmp/young")).rejects.toMatchObject({
      code: "OBJECT_KEY_INVALID",
    });
  });

  it("says of a folder that takes no files that the store is not usable", async () => {
    const file = join(root, "file");
    await writeFile(file, "not a folder");
    await expect(openLocalObjectStore(join(file, "below"))).rejects.toMatchObject({
      code: "OBJECT_KEY_INVALID",
    });
  });
});
