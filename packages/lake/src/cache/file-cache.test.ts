import { mkdir, mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryObjectStore } from "@scouter/delta";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fetchObject } from "./fetch-object.ts";
import { type CachedFile, FileCache, type FileCacheOptions } from "./file-cache.ts";

const HOUR_MS = 3_600_000;

let folder: string;
let clock: ManualClock;
let fetched: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "file-cache-"));
  clock = new ManualClock({ startMs: Date.now() });
  fetched = [];
});
afterEach(() => rm(folder, { recursive: true }));

function open(more: Partial<FileCacheOptions> = {}): Promise<FileCache> {
  const fetch = async ({ name, sizeBytes }: CachedFile, path: string) => {
    fetched.push(name);
    await writeFile(path, name.slice(0, 1).repeat(sizeBytes));
  };
  return FileCache.open({ folder, capacityBytes: 30, clock, fetch, ...more });
}

function file(name: string, sizeBytes = 10): CachedFile {
  return { name, sizeBytes };
}

async function use(cache: FileCache, ...files: CachedFile[]): Promise<void> {
  const held = cache.hold(files);
  await held.ready();
  held.release();
  await cache.settled();
}

async function namesOnDisk(): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe("FileCache", () => {
  it("fetches a file once, also for several that ask at the same time", async () => {
    const cache = await open();
    const holds = Array.from({ length: 4 }, () => cache.hold([file("day=1/a"), file("day=2/b")]));
    await Promise.all(holds.map((held) => held.ready()));
    expect(fetched.sort()).toEqual(["day=1/a", "day=2/b"]);
    expect(await readFile(cache.pathOf("day=1/a"), "utf8")).toBe("dddddddddd");
    for (const held of holds) held.release();
    await use(cache, file("day=1/a"));
    expect(fetched).toHaveLength(2);
    expect(cache.sizeBytes).toBe(20);
  });

  it("deletes what was not used for longest when it is full", async () => {
    const cache = await open();
    await use(cache, file("a"), file("b"), file("c"));
    await use(cache, file("a"));
    await use(cache, file("d"));
    expect(await namesOnDisk()).toEqual(["a", "c", "d"]);
    await use(cache, file("b"));
    expect(fetched).toEqual(["a", "b", "c", "d", "b"]);
    expect(await namesOnDisk()).toEqual(["a", "b", "d"]);
  });

  it("keeps held files, however many, and shrinks when they are released", async () => {
    const cache = await open();
    const held = cache.hold(["a", "b", "c", "d", "e"].map((name) => file(name)));
    await held.ready();
    expect(await namesOnDisk()).toHaveLength(5);
    held.release();
    held.release();
    await cache.settled();
    expect(await namesOnDisk()).toEqual(["c", "d", "e"]);
    expect(cache.sizeBytes).toBe(30);
  });

  it("takes a local file, and does not fetch it", async () => {
    const cache = await open();
    const path = join(folder, ".fetching", "made");
    await writeFile(path, "0123456789");
    await cache.admit(file("day=1/made"), path);
    await use(cache, file("day=1/made"));
    expect(fetched).toEqual([]);
    expect(await readFile(cache.pathOf("day=1/made"), "utf8")).toBe("0123456789");
  });

  it("shows nothing of a fetch that fails half way, and tries again", async () => {
    let isDown = true;
    const cache = await open({
      fetch: async ({ name }, path) => {
        await writeFile(path, isDown ? "half" : "0123456789");
        if (isDown) throw new Error(`no ${name}`);
      },
    });
    const held = cache.hold([file("a")]);
    await expect(held.ready()).rejects.toThrow("no a");
    expect(await namesOnDisk()).toEqual([]);
    isDown = false;
    await held.ready();
    held.release();
    expect(await namesOnDisk()).toEqual(["a"]);
  });

  it("finds its files again, the least recently used first", async () => {
    const first = await open();
    await use(first, file("old/x"), file("new/y"), file("z"));
    const at = (ageMs: number) => new Date(clock.now() - ageMs);
    await utimes(first.pathOf("old/x"), at(3 * HOUR_MS), at(3 * HOUR_MS));
    await utimes(first.pathOf("z"), at(2 * HOUR_MS), at(2 * HOUR_MS));
    const second = await open();
    expect(second.sizeBytes).toBe(30);
    await use(second, file("w"));
    expect(await namesOnDisk()).toEqual(["new/y", "w", "z"]);
    expect(fetched).toHaveLength(4);
  });

  it("fetches again what has another size than it should, or was deleted by hand", async () => {
    const first = await open();
    await use(first, file("a"), file("b"));
    await writeFile(first.pathOf("a"), "cut");
    const second = await open();
    await rm(second.pathOf("b"));
    await clock.advance(HOUR_MS);
    await use(second, file("a"), file("b"));
    expect((await stat(second.pathOf("a"))).size).toBe(10);
    expect(fetched).toEqual(["a", "b", "a", "b"]);
    expect(second.sizeBytes).toBe(20);
  });

  it("does not delete what another process on the same folder uses", async () => {
    const ours = await open();
    await use(ours, file("a"), file("b"), file("c"));
    await clock.advance(HOUR_MS);
    const theirs = await open();
    await use(theirs, file("a"));
    await use(ours, file("d"), file("e"));
    expect(await namesOnDisk()).toEqual(["a", "c", "d", "e"]);
  });

  it("clears what ended processes left half-written, and leaves the young", async () => {
    const left = join(folder, ".fetching");
    await mkdir(left);
    for (const name of ["old", "young"]) await writeFile(join(left, name), "half");
    const old = new Date(clock.now() - 2 * HOUR_MS);
    await utimes(join(left, "old"), old, old);
    await open();
    expect(await readdir(left)).toEqual(["young"]);
  });

  it("never holds more than asked for, and never lacks what is held, whatever the order", async () => {
    const name = fc.constantFrom("a", "b", "c", "d", "e", "f", "g");
    const steps = fc.array(fc.uniqueArray(name, { minLength: 1, maxLength: 4 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(steps, async (sets) => {
        const cache = await open();
        for (const names of sets) {
          const held = cache.hold(names.map((each) => file(each)));
          await held.ready();
          for (const each of names) expect((await stat(cache.pathOf(each))).size).toBe(10);
          held.release();
          await cache.settled();
          expect(cache.sizeBytes).toBeLessThanOrEqual(30);
          expect(await namesOnDisk()).toHaveLength(cache.sizeBytes / 10);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe("fetching an object", () => {
  it.each([0, 1, 8 * 2 ** 20, 8 * 2 ** 20 + 1])("copies %d bytes", async (sizeBytes) => {
    const store = new MemoryObjectStore();
    const content = Buffer.alloc(sizeBytes, "0123456789");
    await store.put("a", content);
    const path = join(folder, "copy");
    await fetchObject(store, { name: "a", sizeBytes }, path);
    expect((await readFile(path)).equals(content)).toBe(true);
  });

  it.each([
    ["missing", undefined],
    ["too short", "12345"],
  ])("says of an object that is %s what is wrong", async (_name, content) => {
    const store = new MemoryObjectStore();
    if (content !== undefined) await store.put("a", Buffer.from(content));
    const fetching = fetchObject(store, { name: "a", sizeBytes: 10 }, join(folder, "copy"));
    await expect(fetching).rejects.toMatchObject({ code: "LAKE_FILE_MISSING" });
  });
});
