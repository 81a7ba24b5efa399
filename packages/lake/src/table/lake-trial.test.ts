import { MemoryObjectStore } from "@scouter/delta";
import { describe, expect, it } from "vitest";
import { storeOnTrial } from "./lake-trial.ts";

describe("a store on trial", () => {
  const trial = { failingCalls: 0.2, lostReplies: 0.2, maxCommitAgeMs: 1_000 };

  it("is the store itself without a trial", () => {
    const store = new MemoryObjectStore();
    expect(storeOnTrial(store, undefined)).toBe(store);
  });

  it.each([
    ["fails with nothing done", [0.1], false],
    ["fails with its work done", [0.3], true],
  ])("%s", async (_name, drawn, isStored) => {
    const store = new MemoryObjectStore();
    const draws = [...drawn];
    const faulty = storeOnTrial(store, trial, () => draws.shift() ?? 0.9);
    const put = faulty.putIfAbsent("a", Buffer.from("1"));
    await expect(put).rejects.toMatchObject({ code: "OBJECT_STORE_UNAVAILABLE" });
    expect((await store.get("a")) !== undefined).toBe(isStored);
  });

  it("repeats a call that may be repeated", async () => {
    const store = new MemoryObjectStore();
    const draws = [0.1, 0, 0.3, 0];
    const faulty = storeOnTrial(store, trial, () => draws.shift() ?? 0.9);
    await faulty.put("a", Buffer.from("1"));
    expect(Buffer.from((await faulty.get("a")) ?? []).toString()).toBe("1");
    expect(draws).toEqual([]);
  });
});
