import {
  type Database,
  TRACES_SETTLED_CHANNEL,
  TRACES_WATCHED_CHANNEL,
  type TraceSighting,
} from "@scouter/database";
import { describe, expect, it } from "vitest";

const HOUR_MS = 3_600_000;
const AT_ONCE = { quietMs: 0, limitMs: HOUR_MS, limit: 1_000 };

let made = 0;
function traceId(): string {
  made += 1;
  return made.toString(16).padStart(32, "0");
}

function sighting(id: string, over: Partial<TraceSighting> = {}): TraceSighting {
  return {
    traceId: id,
    spans: 1,
    rootEnded: false,
    agoMs: 0,
    entityIds: [],
    queueIds: [],
    queuedEntityIds: [],
    ...over,
  };
}

/** Waited-for traces: settled once a revision, never forgotten by a process that dies between receipt and commit. */
export function traceActivitiesContract(database: () => Database): void {
  describe("trace activity", () => {
    const rows = () => database().traceActivity;
    const find = async (id: string) => (await rows().find([id]))[0];
    const seen = (...sightings: TraceSighting[]) => rows().record(sightings, { isReadable: true });
    const settle = async (id: string, request: Partial<typeof AT_ONCE> = {}) =>
      (await rows().settle({ ...AT_ONCE, ...request })).filter((row) => row.traceId === id);

    it("watches a trace once and tells which are new", async () => {
      const [first, second] = [traceId(), traceId()];
      expect(await rows().watch([first, first])).toEqual([first]);
      expect(await rows().watch([first, second])).toEqual([second]);
      expect(await find(first)).toMatchObject({ state: "awaited", revision: 0, spanCount: 0 });
      expect(await rows().watched(10_000)).toEqual(expect.arrayContaining([first, second]));
      expect(await rows().watch([])).toEqual([]);
      expect(await rows().find([traceId()])).toEqual([]);
    });

    it("settles a trace whose root has ended, once it was quiet, and once only", async () => {
      const id = traceId();
      await seen(sighting(id));
      expect(await settle(id)).toEqual([]);
      await seen(sighting(id, { rootEnded: true, spans: 2 }));
      expect(await settle(id, { quietMs: HOUR_MS / 2 })).toEqual([]);
      const settled = await settle(id);
      expect(settled).toMatchObject([{ state: "complete", revision: 1, spanCount: 3 }]);
      expect(await settle(id)).toEqual([]);
      expect(await rows().watched(1)).toEqual([id]);
    });

    it("counts the quiet from receipt, not from when it was told", async () => {
      const id = traceId();
      await seen(sighting(id, { rootEnded: true, agoMs: 60_000 }));
      expect((await find(id))?.quietMs).toBeGreaterThanOrEqual(60_000);
      expect(await settle(id, { quietMs: 59_000 })).toHaveLength(1);
    });

    it("opens a settled trace again for late spans, as the next revision", async () => {
      const id = traceId();
      await seen(sighting(id, { rootEnded: true }));
      await settle(id);
      await seen(sighting(id));
      expect(await find(id)).toMatchObject({ state: "open", revision: 1 });
      expect(await settle(id)).toMatchObject([{ state: "complete", revision: 2, spanCount: 2 }]);
    });

    it("cuts a trace that is open for too long, counting anew after it was settled", async () => {
      const id = traceId();
      await seen(sighting(id, { agoMs: 120_000 }));
      expect(await settle(id, { limitMs: 60_000 })).toMatchObject([{ state: "cut", revision: 1 }]);
      await seen(sighting(id));
      expect(await settle(id, { limitMs: 60_000 })).toEqual([]);
    });

    it("keeps a sighting that is not readable yet, without counting it", async () => {
      const id = traceId();
      await rows().record([sighting(id, { rootEnded: true })], { isReadable: false });
      expect(await find(id)).toMatchObject({ state: "open", spanCount: 0, rootEnded: true });
      await seen(sighting(id, { rootEnded: true }));
      expect(await find(id)).toMatchObject({ spanCount: 1 });
    });

    it("joins what several sightings say, in any order", async () => {
      const id = traceId();
      await seen(sighting(id, { entityIds: ["b"], queueIds: ["q1"], queuedEntityIds: ["b"] }));
      await seen(sighting(id, { entityIds: ["a", "b"], queueIds: ["q1"] }));
      expect(await find(id)).toMatchObject({
        entityIds: ["a", "b"],
        queueIds: ["q1"],
        queuedEntityIds: ["b"],
      });
      const later = traceId();
      await seen(sighting(later, { queueIds: ["q1", "q3"] }));
      const found = await rows().findByQueues(["q1", "q2"]);
      expect(found.map((row) => row.traceId)).toEqual([id, later]);
      expect(await rows().findByQueues(["q2"])).toEqual([]);
      expect(await rows().findByQueues([])).toEqual([]);
    });

    it("lets each settlement go to one of many that settle at the same time", async () => {
      const ids = Array.from({ length: 20 }, () => traceId());
      await seen(...ids.map((id) => sighting(id, { rootEnded: true })));
      const all = await Promise.all(Array.from({ length: 4 }, () => rows().settle(AT_ONCE)));
      const settled = all.flat().map((row) => row.traceId);
      expect(settled.filter((id) => ids.includes(id)).toSorted()).toEqual(ids);
    });

    it("takes the longest quiet ones first when there are too many", async () => {
      await rows().settle(AT_ONCE);
      const [older, newer] = [traceId(), traceId()];
      await seen(sighting(newer, { rootEnded: true, agoMs: 1_000 }));
      await seen(sighting(older, { rootEnded: true, agoMs: 2_000 }));
      expect(await settle(older, { limit: 1 })).toHaveLength(1);
      expect(await settle(newer, { limit: 1 })).toHaveLength(1);
    });

    it("says when the next one is due", async () => {
      await rows().settle({ ...AT_ONCE, limitMs: 0 });
      expect(await rows().nextDueMs({ quietMs: 0, limitMs: 0 })).toBeUndefined();
      const id = traceId();
      await seen(sighting(id));
      const limited = await rows().nextDueMs({ quietMs: 1, limitMs: HOUR_MS });
      expect(limited).toBeGreaterThan(HOUR_MS / 2);
      await seen(sighting(id, { rootEnded: true }));
      expect(await rows().nextDueMs({ quietMs: 1, limitMs: HOUR_MS })).toBeLessThan(HOUR_MS / 2);
      await rows().settle(AT_ONCE);
    });

    it("offers what names entities until it was dispatched, and again for a new revision", async () => {
      const [plain, named] = [traceId(), traceId()];
      await seen(sighting(plain, { rootEnded: true }));
      await seen(sighting(named, { rootEnded: true, entityIds: ["e"] }));
      await rows().settle(AT_ONCE);
      const offered = async () => {
        const found = await rows().undispatched(1_000);
        return found.filter((row) => [plain, named].includes(row.traceId));
      };
      expect(await offered()).toMatchObject([{ traceId: named, revision: 1 }]);
      await rows().dispatched([{ traceId: named, revision: 1 }]);
      expect(await offered()).toEqual([]);
      await seen(sighting(named));
      expect(await offered()).toEqual([]);
      await rows().settle(AT_ONCE);
      expect(await offered()).toMatchObject([{ traceId: named, revision: 2 }]);
      await rows().dispatched([{ traceId: named, revision: 1 }]);
      expect(await offered()).toHaveLength(1);
    });

    it("offers what names none only when spans came late", async () => {
      const plain = traceId();
      const offered = async () => {
        const found = await rows().undispatched(1_000);
        return found.filter((row) => row.traceId === plain);
      };
      await seen(sighting(plain, { rootEnded: true }));
      await rows().settle(AT_ONCE);
      expect(await offered()).toEqual([]);
      await seen(sighting(plain));
      await rows().settle(AT_ONCE);
      expect(await offered()).toMatchObject([{ traceId: plain, revision: 2 }]);
      await rows().dispatched([{ traceId: plain, revision: 2 }]);
      expect(await offered()).toEqual([]);
    });

    it("forgets what nothing happened to for long", async () => {
      const id = traceId();
      await rows().watch([id]);
      expect(await rows().forget(HOUR_MS)).toBe(0);
      expect(await rows().forget(0)).toBeGreaterThan(0);
      expect(await find(id)).toBeUndefined();
    });

    it("tells listeners the ids, in one notice each", async () => {
      const ids = [traceId(), traceId()];
      const told: string[] = [];
      const both = Promise.withResolvers<void>();
      const hear = (payload: string) => {
        told.push(payload);
        if (told.length === 2) both.resolve();
      };
      const endings = [
        await database().listen(TRACES_WATCHED_CHANNEL, hear),
        await database().listen(TRACES_SETTLED_CHANNEL, hear),
      ];
      await rows().watch(ids);
      await seen(...ids.map((id) => sighting(id, { rootEnded: true })));
      await rows().settle(AT_ONCE);
      await both.promise;
      for (const end of endings) await end();
      expect(told.map((payload) => payload.split(",").toSorted())).toEqual([ids, ids]);
    });
  });
}
