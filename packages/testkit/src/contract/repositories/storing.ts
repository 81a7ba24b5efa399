import type { Database } from "@scouter/database";
import { beforeEach, describe, expect, it } from "vitest";
import { fresh, recordFor, recordsFor, registerAgent } from "./samples.ts";

export function storingContract(database: () => Database): void {
  describe("storing records", () => {
    let profileUid: string;
    beforeEach(async () => {
      profileUid = (await registerAgent(database())).uid;
    });

    it("tells each record's outcome, in the order of the batch", async () => {
      const { evalRecords } = database();
      const [a, b] = [recordFor(profileUid), recordFor(profileUid)];
      const stranger = recordFor("019a7f0e-0000-7000-8000-000000000000");
      expect(await evalRecords.store([a, stranger, a, b])).toEqual([
        "stored",
        "unknown-profile",
        "duplicate",
        "stored",
      ]);
      expect(await evalRecords.store([b, recordFor(profileUid), a])).toEqual([
        "duplicate",
        "stored",
        "duplicate",
      ]);
      expect(await evalRecords.store([])).toEqual([]);
      expect(await evalRecords.counts(profileUid)).toMatchObject({ pending: 3 });
    });

    it("keeps the fields, and sets those that are the server's", async () => {
      const { evalRecords } = database();
      const context = { zebra: 1.5, alpha: ["ü", null, { deep: true }], "": "" };
      const item = recordFor(profileUid.toUpperCase(), {
        context,
        createdAt: "2026-03-01T12:00:00.123456789+02:00",
      });
      const record = {
        ...item.record,
        trace_id: "ABCDEF00112233445566778899AABBCC",
        id: 99,
        entity_id: 99,
        retry_count: 99,
        status: "Processed",
      } as const;
      await evalRecords.store([{ record, source: "TraceDispatch" }]);
      const [stored] = await evalRecords.byUid(record.uid);
      expect(stored).toMatchObject({
        uid: record.uid,
        record_id: "order-7",
        session_id: "session-1",
        created_at: "2026-03-01T10:00:00.123456Z",
        entity_uid: profileUid,
        trace_id: "abcdef00112233445566778899aabbcc",
        status: "Pending",
        retry_count: 0,
        record_source: "TraceDispatch",
        tags: ["tier=gold"],
        last_error: null,
        processing_started_at: null,
      });
      expect(stored?.received_at).toMatch(/^20\d\d-.*\.\d{6}Z$/);
      expect(JSON.stringify(stored?.context)).toBe(JSON.stringify(context));
    });

    it("keeps one record per profile that it was sent to", async () => {
      const other = (await registerAgent(database())).uid;
      const uid = fresh("shared");
      const batch = [recordFor(profileUid, { uid }), recordFor(other, { uid })];
      expect(await database().evalRecords.store(batch)).toEqual(["stored", "stored"]);
      const found = await database().evalRecords.byUid(uid);
      expect(found.map((record) => record.entity_uid).toSorted()).toEqual(
        [profileUid, other].toSorted(),
      );
    });

    it("stores a uid once when 8 batches bring it at once, whatever their order", async () => {
      const { evalRecords } = database();
      const records = recordsFor(profileUid, 40);
      const batches = Array.from({ length: 8 }, (_, index) =>
        index % 2 === 0 ? records : records.toReversed(),
      );
      const outcomes = await Promise.all(batches.map((batch) => evalRecords.store(batch)));
      expect(outcomes.flat().filter((outcome) => outcome === "stored")).toHaveLength(40);
      expect(await evalRecords.counts(profileUid)).toMatchObject({ pending: 40 });
    });

    it.each([
      { name: "JSON null", context: null },
      { name: "a text", context: "plain" },
      { name: "a NUL", context: { "a\u0000b": "c\u0000d" }, read: { "a\uFFFDb": "c\uFFFDd" } },
      {
        name: "lone surrogates",
        context: ["\uD800", "\uDC00x", "😀"],
        read: ["\uFFFD", "\uFFFDx", "😀"],
      },
      { name: "what looks like an escape", context: "\\u0000" },
      { name: "extreme numbers", context: [1e308, -5e-324, 2 ** 53, 0.1] },
    ])("takes $name as context", async ({ context, read }) => {
      const item = recordFor(profileUid, { context });
      expect(await database().evalRecords.store([item])).toEqual(["stored"]);
      const [stored] = await database().evalRecords.byUid(item.record.uid);
      expect(stored?.context).toEqual(read ?? context);
    });

    it.each(["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2262-04-11T23:47:16.854775Z"])(
      "takes the time %s",
      async (createdAt) => {
        const item = recordFor(profileUid, { createdAt });
        await database().evalRecords.store([item]);
        const [stored] = await database().evalRecords.byUid(item.record.uid);
        expect(Date.parse(stored?.created_at ?? "")).toBe(Date.parse(createdAt));
      },
    );

    it.each([
      { name: "a time before the year 1", poison: { createdAt: "0000-12-31T00:00:00Z" } },
      { name: "an endless nesting", poison: { context: nested(100_000) } },
      { name: "a uid too long for an index", poison: { uid: randomText(20_000) } },
    ])("refuses a batch with $name as a whole, and goes on", async ({ poison }) => {
      const { evalRecords } = database();
      const good = recordFor(profileUid);
      await expect(evalRecords.store([good, recordFor(profileUid, poison)])).rejects.toMatchObject({
        kind: "invalid",
      });
      expect(await evalRecords.byUid(good.record.uid)).toEqual([]);
      expect(await evalRecords.store([good])).toEqual(["stored"]);
    });

    it("notifies listeners once per batch, and only when it stored something", async () => {
      const first = recordFor(profileUid);
      const heard = Promise.withResolvers<void>();
      let count = 0;
      const stop = await database().listen("eval_records", () => {
        count += 1;
        heard.resolve();
      });
      await database().evalRecords.store([first, ...recordsFor(profileUid, 5)]);
      await heard.promise;
      await database().evalRecords.store([first]);
      // What was sent before reaches the listening session before it has begun to listen to another channel.
      const stopOther = await database().listen("another_channel", () => {});
      expect(count).toBe(1);
      await stop();
      await stopOther();
    });
  });
}

function nested(depth: number): [] {
  let value: unknown[] = [];
  for (let level = 1; level < depth; level += 1) value = [value];
  return value as [];
}

/** An index compresses what repeats, so the text must not. Deterministic: a linear congruential generator. */
function randomText(length: number): string {
  let state = 42;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return String.fromCodePoint(33 + (state % 90));
  }).join("");
}
