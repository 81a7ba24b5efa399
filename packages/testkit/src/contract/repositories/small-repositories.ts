import type { Database } from "@scouter/database";
import { describe, expect, it } from "vitest";
import { fresh } from "./samples.ts";

/** Tags, scenarios, dead letters, settings. */
export function smallRepositoriesContract(database: () => Database): void {
  describe("baggage", () => {
    const entry = (key: string, value: string, second: number, scope = "app") => ({
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      scope,
      key,
      value,
      createdAt: `2026-03-01T10:00:0${second}.123456Z`,
    });

    it("keeps each entry of a trace once, the earliest first", async () => {
      const { traceBaggage } = database();
      await traceBaggage.store([entry("tenant", "b", 2), entry("tenant", "a", 1)]);
      await traceBaggage.store([
        entry("tenant", "a", 3),
        entry("tenant", "a", 3, "other"),
        entry("long \u0000", "x".repeat(20_000), 4),
      ]);
      await traceBaggage.store([]);
      const { traceId } = entry("", "", 0);
      expect(await traceBaggage.of(traceId)).toEqual([
        entry("tenant", "a", 1),
        entry("tenant", "b", 2),
        entry("tenant", "a", 3, "other"),
        entry("long \uFFFD", "x".repeat(20_000), 4),
      ]);
      expect(await traceBaggage.of("0".repeat(32))).toEqual([]);
    });

    it("forgets what is older than asked, and nothing else", async () => {
      const { traceBaggage } = database();
      const traceId = fresh("")
        .replaceAll(/[^0-9a-f]/g, "")
        .padStart(32, "0")
        .slice(-32);
      const of = (key: string, createdAt: string) => ({
        traceId,
        scope: "app",
        key,
        value: "v",
        createdAt,
      });
      const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
      await traceBaggage.store([of("old", daysAgo(31)), of("new", daysAgo(29))]);
      await traceBaggage.store([of("ahead", daysAgo(-1))]);
      expect(await traceBaggage.forget(30 * 86_400_000)).toBeGreaterThanOrEqual(1);
      expect((await traceBaggage.of(traceId)).map(({ key }) => key)).toEqual(["new", "ahead"]);
      expect(await traceBaggage.forget(30 * 86_400_000)).toBe(0);
    });
  });

  describe("tags", () => {
    const tag = (entityId: string, key: string, value: string) => ({
      entity_type: "trace",
      entity_id: entityId,
      key,
      value,
    });

    it("stores each quadruple once, inside a batch and after it", async () => {
      const id = fresh("trace");
      const { tags } = database();
      const batch = [tag(id, "env", "prod"), tag(id, "env", "prod"), tag(id, "env", "eu")];
      expect(await tags.upsert(batch)).toBe(2);
      expect(await tags.upsert([tag(id, "env", "prod"), tag(id, "a", "\u0000")])).toBe(2);
      expect(await tags.of("trace", id)).toEqual([
        tag(id, "a", "\uFFFD"),
        tag(id, "env", "eu"),
        tag(id, "env", "prod"),
      ]);
      expect(await tags.of("session", id)).toEqual([]);
      expect(await tags.upsert([])).toBe(0);
    });

    it("finds entities by any or by all tags", async () => {
      const [both, one, none] = [fresh("both"), fresh("one"), fresh("none")];
      const key = fresh("key");
      const { tags } = database();
      await tags.upsert([
        tag(both, key, "x"),
        tag(both, "other", "y"),
        tag(one, key, "x"),
        tag(none, key, "z"),
      ]);
      const wanted = [
        { key, value: "x" },
        { key: "other", value: "y" },
        { key, value: "x" },
      ];
      const found = (matchAll: boolean) =>
        tags.entityIdsByTags({ entityType: "trace", tags: wanted, matchAll });
      expect(await found(true)).toEqual([both]);
      const any = [both, one].toSorted();
      expect(await found(false)).toEqual(any);
      const page = (after?: string) =>
        tags.entityIdsByTags({
          entityType: "trace",
          tags: wanted,
          matchAll: false,
          after,
          limit: 1,
        });
      expect([await page(), await page(any[0]), await page(any[1])]).toEqual([
        [any[0]],
        [any[1]],
        [],
      ]);
      expect(await tags.entityIdsByTags({ entityType: "trace", tags: [], matchAll: true })).toEqual(
        [],
      );
      const elsewhere = { entityType: "session", tags: wanted, matchAll: false };
      expect(await tags.entityIdsByTags(elsewhere)).toEqual([]);
    });

    it("takes 8 overlapping batches at once", async () => {
      const id = fresh("trace");
      const batch = Array.from({ length: 50 }, (_, index) => tag(id, `k${index}`, "v"));
      await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          database().tags.upsert(index % 2 === 0 ? batch : batch.toReversed()),
        ),
      );
      expect(await database().tags.of("trace", id)).toHaveLength(50);
    });
  });

  describe("scenarios", () => {
    const scenario = (id: string, query: string) => ({
      id,
      scenario: { zz: 1, id, initial_query: query },
    });

    it("keeps them as sent, in order, and replaces one that comes again", async () => {
      const collection = fresh("collection");
      const { evalScenarios } = database();
      expect(await evalScenarios.of(collection)).toEqual([]);
      await evalScenarios.register(collection, [scenario("b", "1"), scenario("a", "2")]);
      await evalScenarios.register(collection, [scenario("0", "3"), scenario("b", "new\u0000")]);
      await evalScenarios.register(collection, []);
      const stored = await evalScenarios.of(collection);
      expect(stored.map(({ id, initial_query: query }) => [id, query])).toEqual([
        ["b", "new\uFFFD"],
        ["a", "2"],
        ["0", "3"],
      ]);
      expect(Object.keys(stored[0] ?? {})).toEqual(["zz", "id", "initial_query"]);
      expect(await evalScenarios.of(fresh("collection"))).toEqual([]);
    });

    it("takes 8 overlapping calls at once", async () => {
      const collection = fresh("collection");
      const batch = Array.from({ length: 50 }, (_, index) => scenario(`s${index}`, "q"));
      await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          database().evalScenarios.register(
            collection,
            index % 2 === 0 ? batch : batch.toReversed(),
          ),
        ),
      );
      expect(await database().evalScenarios.of(collection)).toHaveLength(50);
    });
  });

  describe("ingest dead letters", () => {
    it("keeps the first letter of an entry, with its bytes", async () => {
      const owner = fresh("owner");
      const { deadLetters } = database();
      const before = await deadLetters.count();
      const payload = Uint8Array.from({ length: 300 }, (_, index) => index % 256);
      const letter = { owner, sequence: 7, reason: "torn\u0000", format: "otlp-json", payload };
      await deadLetters.add(letter);
      await deadLetters.add({ ...letter, reason: "again" });
      await deadLetters.add({ owner, sequence: 8, reason: "no bytes kept" });
      expect(await deadLetters.count()).toBe(before + 2);
      const [newest, oldest] = await deadLetters.list({ limit: 2 });
      expect(newest).toMatchObject({ owner, sequence: 8, format: null, payloadBytes: 0 });
      expect(oldest).toMatchObject({ owner, sequence: 7, reason: "torn\uFFFD", payloadBytes: 300 });
      expect(await deadLetters.payload(oldest!.id)).toEqual(payload);
      expect(await deadLetters.payload(newest!.id)).toBeUndefined();
      const rest = await deadLetters.list({ limit: 1, before: newest!.id });
      expect(rest.map((item) => item.id)).toEqual([oldest!.id]);
    });
  });

  describe("identity", () => {
    it("keeps the first value, for all who race for it", async () => {
      const key = fresh("lake-id");
      const { identity } = database();
      expect(await identity.get(key)).toBeUndefined();
      const values = await Promise.all(
        Array.from({ length: 8 }, (_, index) => identity.putIfAbsent(key, `value-${index}`)),
      );
      expect(new Set(values).size).toBe(1);
      expect(await identity.get(key)).toBe(values[0]);
      await identity.put(key, "changed on purpose");
      expect(await identity.putIfAbsent(key, "x")).toBe("changed on purpose");
    });
  });
}
