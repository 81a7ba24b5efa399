import { objectStoreContract } from "@scouter/testkit/contract/object-store";
import { describe, expect, it } from "vitest";
import { MemoryObjectStore } from "./memory-object-store.ts";
import { PrefixObjectStore } from "./prefix-object-store.ts";

objectStoreContract("PrefixObjectStore", async () => {
  const inner = new MemoryObjectStore();
  await inner.put("outside", Buffer.from("x"));
  await inner.put("lake-2/outside", Buffer.from("x"));
  const store = new PrefixObjectStore(inner, "lake");
  return { store, other: new PrefixObjectStore(inner, "lake"), close: async () => {} };
});

describe("PrefixObjectStore", () => {
  it("keeps objects below its folder", async () => {
    const inner = new MemoryObjectStore();
    await new PrefixObjectStore(inner, "a/b").put("c", Buffer.from("x"));
    expect(await inner.head("a/b/c")).toMatchObject({ sizeBytes: 1 });
  });

  it.each(["", "/a", "a/", "../a"])("refuses the folder '%s'", (folder) => {
    expect(() => new PrefixObjectStore(new MemoryObjectStore(), folder)).toThrow("object key");
  });
});
