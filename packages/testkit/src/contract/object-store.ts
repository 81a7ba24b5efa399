import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareKeys, type ObjectHead, type ObjectStore } from "@scouter/delta";
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";

export interface ObjectStoreSubject {
  readonly store: ObjectStore;
  /** Another client of the same objects, as another process would have it; the same one if there can be no other. */
  readonly other: ObjectStore;
  readonly close: () => Promise<void>;
}

/** The contract of the `ObjectStore` port; every adapter's test calls it with a maker of fresh, empty stores. */
export function objectStoreContract(
  name: string,
  makeSubject: () => Promise<ObjectStoreSubject>,
): void {
  describe(`${name} keeps the object store contract`, () => {
    const opened: ObjectStoreSubject[] = [];
    const make = async (): Promise<ObjectStoreSubject> => {
      const subject = await makeSubject();
      opened.push(subject);
      return subject;
    };
    afterEach(async () => {
      for (const subject of opened.splice(0)) await subject.close();
    });

    describeObjects(make);
    describeKeys(make);
    describePutIfAbsent(make);
    describeRanges(make);
    describeListing(make);
    describeFiles(make);
    describeCancellation(make);
  });
}

type Make = () => Promise<ObjectStoreSubject>;

function describeObjects(make: Make): void {
  it("returns what was put, also to another client", async () => {
    const { store, other } = await make();
    await store.put("a/b", bytes("first"));
    expect(text(await other.get("a/b"))).toBe("first");
    await other.put("a/b", bytes("second, longer"));
    expect(text(await store.get("a/b"))).toBe("second, longer");
    await store.put("a/b", bytes(""));
    expect(await store.get("a/b")).toHaveLength(0);
  });

  it("answers undefined for a missing key", async () => {
    const { store } = await make();
    await store.put("folder/object", bytes("x"));
    for (const key of ["missing", "folder", "folder/missing", "folder/object/below"]) {
      expect(await store.get(key), key).toBeUndefined();
      expect(await store.getRange(key, 0, 1), key).toBeUndefined();
      expect(await store.head(key), key).toBeUndefined();
    }
  });

  it("tells size and time of an object", async () => {
    const { store } = await make();
    await store.put("a/b", bytes("12345"));
    const head = await store.head("a/b");
    expect(head).toMatchObject({ key: "a/b", sizeBytes: 5 });
    expect(Number.isSafeInteger(head?.modifiedAt)).toBe(true);
    expect((await collect(store.list("")))[0]).toEqual(head);
  });

  it("deletes an object, and a missing one without complaint", async () => {
    const { store, other } = await make();
    await store.put("a/b", bytes("x"));
    await store.delete("a/b");
    expect(await other.get("a/b")).toBeUndefined();
    await store.delete("a/b");
    await store.delete("never/was");
    expect(await collect(store.list(""))).toEqual([]);
  });

  it("keeps neither given nor returned bytes", async () => {
    const { store } = await make();
    const given = bytes("abc");
    await store.put("put", given);
    await store.putIfAbsent("putIfAbsent", given);
    given.fill(0);
    for (const key of ["put", "putIfAbsent"]) {
      const returned = await store.get(key);
      expect(text(returned)).toBe("abc");
      returned?.fill(0);
      expect(text(await store.get(key))).toBe("abc");
    }
  });

  it("stores the given view, not the whole buffer behind it", async () => {
    const { store } = await make();
    const view = bytes("__abc__").subarray(2, 5);
    await store.put("put", view);
    await store.putIfAbsent("putIfAbsent", view);
    expect(text(await store.get("put"))).toBe("abc");
    expect(text(await store.get("putIfAbsent"))).toBe("abc");
  });
}

function describeKeys(make: Make): void {
  const usable = ["a", "a/b/c", "with space", "a=b/c%20d?#", "ünïcödé/😀", "..a/b..", "-", "a:b"];
  it.each(usable)("stores an object under '%s'", async (key) => {
    const { store } = await make();
    await store.put(key, bytes(key));
    expect(text(await store.get(key))).toBe(key);
    expect((await collect(store.list(""))).map((head) => head.key)).toEqual([key]);
  });

  const invalid = [
    "",
    "/",
    "/a",
    "a/",
    "a//b",
    ".",
    "..",
    "../a",
    "a/../b",
    "a/.",
    "a\\b",
    "..\\a",
    "a\0b",
    "\ud800",
    `${"a/".repeat(600)}a`,
  ];
  it.each(invalid.map((key) => [JSON.stringify(key.slice(0, 20)), key]))(
    "refuses the key %s",
    async (_shown, key) => {
      const { store } = await make();
      const refusal = { code: "OBJECT_KEY_INVALID", kind: "invalid" };
      await expect(store.put(key, bytes("x"))).rejects.toMatchObject(refusal);
      await expect(store.putIfAbsent(key, bytes("x"))).rejects.toMatchObject(refusal);
      await expect(store.get(key)).rejects.toMatchObject(refusal);
      await expect(store.getRange(key, 0, 1)).rejects.toMatchObject(refusal);
      await expect(store.head(key)).rejects.toMatchObject(refusal);
      await expect(store.delete(key)).rejects.toMatchObject(refusal);
      expect(await collect(store.list(""))).toEqual([]);
    },
  );
}

function describePutIfAbsent(make: Make): void {
  it("stores once and leaves an existing object alone", async () => {
    const { store, other } = await make();
    expect(await store.putIfAbsent("a/b", bytes("first"))).toBe(true);
    expect(await other.putIfAbsent("a/b", bytes("second"))).toBe(false);
    expect(await store.putIfAbsent("a/b", bytes("third"))).toBe(false);
    expect(text(await other.get("a/b"))).toBe("first");
    await store.delete("a/b");
    expect(await other.putIfAbsent("a/b", bytes("fourth"))).toBe(true);
  });

  it("has exactly one winner among racing writers, whose object it is", async () => {
    const { store, other } = await make();
    for (let round = 0; round < 10; round++) {
      const key = `round/${round}`;
      const contents = Array.from({ length: 8 }, (_, writer) => `writer ${writer}`);
      const won = await Promise.all(
        contents.map((content, writer) =>
          (writer % 2 === 0 ? store : other).putIfAbsent(key, bytes(content)),
        ),
      );
      const winners = contents.filter((_, writer) => won[writer]);
      expect(winners).toHaveLength(1);
      expect(text(await store.get(key))).toBe(winners[0]);
    }
  });
}

function describeRanges(make: Make): void {
  const rows: readonly (readonly [number, number, string])[] = [
    [0, 10, "0123456789"],
    [0, 1, "0"],
    [3, 6, "345"],
    [9, 10, "9"],
    [8, 100, "89"],
    [0, 0, ""],
    [5, 5, ""],
    [6, 3, ""],
    [10, 20, ""],
    [11, 12, ""],
  ];
  it.each(rows)("reads bytes %d to %d", async (start, end, expected) => {
    const { store } = await make();
    await store.put("digits", bytes("0123456789"));
    expect(text(await store.getRange("digits", start, end))).toBe(expected);
  });

  it.each([
    [-1, 2],
    [0.5, 2],
    [0, Number.NaN],
  ])("refuses the range %d to %d", async (start, end) => {
    const { store } = await make();
    await store.put("digits", bytes("0123456789"));
    const refusal = { code: "OBJECT_RANGE_INVALID" };
    await expect(store.getRange("digits", start, end)).rejects.toMatchObject(refusal);
  });
}

function describeListing(make: Make): void {
  // In byte order: "-" and "." sort before "/", digits after it; U+FF5E before U+1F600.
  const keys = ["a-b/c", "a.b", "a/b", "a/b-c", "a/c/d", "a/c0", "a0", "b/～", "b/😀"];

  it("lists keys in byte order over nested folders", async () => {
    const { store } = await make();
    for (const key of keys.toReversed()) await store.put(key, bytes(key));
    const listed = await collect(store.list(""));
    expect(listed.map((head) => head.key)).toEqual(keys);
    expect(listed.map((head) => head.sizeBytes)).toEqual(keys.map((key) => Buffer.byteLength(key)));
  });

  const prefixes: readonly (readonly [string, readonly string[]])[] = [
    ["a/", ["a/b", "a/b-c", "a/c/d", "a/c0"]],
    ["a/b", ["a/b", "a/b-c"]],
    ["a/c", ["a/c/d", "a/c0"]],
    ["a/c/", ["a/c/d"]],
    ["a/c/d", ["a/c/d"]],
    ["a/c/d/", []],
    ["unknown/", []],
    ["../", []],
    ["/", []],
  ];
  it.each(prefixes)("lists below the prefix '%s'", async (prefix, expected) => {
    const { store } = await make();
    for (const key of keys) await store.put(key, bytes(key));
    expect((await collect(store.list(prefix))).map((head) => head.key)).toEqual(expected);
  });

  it("lists what sorting, filtering and cutting all keys gives", async () => {
    const { store } = await make();
    const segment = fc.constantFrom("a", "a-", "a0", "b", "～", "😀", "a.b");
    const key = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
    // Files cannot lie below files, so a last segment is never a folder's name.
    const arbitrary = fc.record({
      keys: fc.uniqueArray(key, { maxLength: 12 }),
      prefix: fc.oneof(fc.constant(""), key),
      startAfter: fc.option(key, { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ keys, prefix, startAfter }) => {
        const files = keys.map((each) => `${each}.file`);
        for (const file of files) await store.put(file, bytes(""));
        const expected = files
          .filter((file) => file.startsWith(prefix))
          .filter((file) => startAfter === undefined || compareBytes(file, startAfter) > 0)
          .sort(compareBytes);
        const listing = store.list(prefix, startAfter === undefined ? {} : { startAfter });
        const listed = (await collect(listing)).map((head) => head.key);
        for (const file of files) await store.delete(file);
        expect(listed).toEqual(expected);
        expect(files.toSorted(compareKeys)).toEqual(files.toSorted(compareBytes));
      }),
      { numRuns: 40 },
    );
  });

  it("lists many objects once each, in pages started after the last key", async () => {
    const { store } = await make();
    const names = Array.from(
      { length: 250 },
      (_, index) => `log/${String(index).padStart(4, "0")}`,
    );
    await Promise.all(names.map((name) => store.put(name, bytes("x"))));
    const seen: string[] = [];
    for (;;) {
      const page: string[] = [];
      for await (const { key } of store.list("log/", { startAfter: seen.at(-1) ?? "" })) {
        page.push(key);
        if (page.length === 100) break;
      }
      if (page.length === 0) break;
      seen.push(...page);
    }
    expect(seen).toEqual(names);
  });
}

function describeFiles(make: Make): void {
  it("stores a local file, replacing what is there", async () => {
    const { store, other } = await make();
    const folder = await mkdtemp(join(tmpdir(), "object-store-"));
    try {
      for (const content of ["first", "second"]) {
        const path = join(folder, content);
        await writeFile(path, content);
        await store.putFile("data/part=1/file", path);
        expect(text(await other.get("data/part=1/file"))).toBe(content);
      }
      expect((await collect(store.list(""))).map((head) => head.key)).toEqual(["data/part=1/file"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

function describeCancellation(make: Make): void {
  it("rejects with the signal's reason when it was aborted before the call", async () => {
    const { store } = await make();
    await store.put("a", bytes("x"));
    const reason = new Error("no longer wanted");
    const options = { signal: AbortSignal.abort(reason) };
    await expect(store.get("a", options)).rejects.toBe(reason);
    await expect(store.put("b", bytes("x"), options)).rejects.toBe(reason);
    await expect(store.putIfAbsent("b", bytes("x"), options)).rejects.toBe(reason);
    await expect(collect(store.list("", options))).rejects.toBe(reason);
    expect(await store.get("b")).toBeUndefined();
  });
}

async function collect(listing: AsyncIterable<ObjectHead>): Promise<ObjectHead[]> {
  const heads: ObjectHead[] = [];
  for await (const head of listing) heads.push(head);
  return heads;
}

/** The order the contract asks for, by its definition. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function bytes(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function text(content: Uint8Array | undefined): string | undefined {
  return content && new TextDecoder().decode(content);
}
