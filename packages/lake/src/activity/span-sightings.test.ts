import type { SpanRow } from "@scouter/telemetry";
import { beforeEach, expect, it } from "vitest";
import { SpanSightings } from "./span-sightings.ts";

const ROW: Pick<
  SpanRow,
  "traceId" | "parentSpanId" | "entityIds" | "queueIds" | "attributes" | "events"
> = {
  traceId: "a",
  parentSpanId: null,
  entityIds: [],
  queueIds: [],
  attributes: new Map(),
  events: [],
};
const row = (over: Partial<SpanRow> = {}) => ({ ...ROW, ...over }) as SpanRow;

let sightings: SpanSightings;
beforeEach(() => {
  sightings = new SpanSightings();
});

it("notes awaited traces alone, and says whether there were any", () => {
  expect(sightings.note("o", 1, [row()], 0)).toBe(false);
  expect(sightings.await(["a", "a"])).toEqual(["a"]);
  expect(sightings.await(["a"])).toEqual([]);
  expect(sightings.note("o", 2, [row({ traceId: "b" })], 0)).toBe(false);
  expect(sightings.note("o", 3, [row(), row({ traceId: "b" })], 0)).toBe(true);
  expect(sightings.take("o", 3, 0).sightings).toMatchObject([{ traceId: "a", spans: 1 }]);
});

it("joins entries up to the one asked for, and gives the age of the latest span", () => {
  sightings.await(["a"]);
  sightings.note("o", 1, [row({ parentSpanId: "p" })], 100);
  sightings.note("o", 2, [row(), row()], 250);
  sightings.note("o", 3, [row()], 900);
  sightings.note("other", 1, [row()], 900);
  expect(sightings.take("o", 1, 300).sightings).toMatchObject([
    { spans: 1, rootEnded: false, agoMs: 200 },
  ]);
  expect(sightings.take("o", 2, 300).sightings).toMatchObject([
    { spans: 3, rootEnded: true, agoMs: 50 },
  ]);
});

it("forgets what was told, whatever came meanwhile, and owners that ended", () => {
  sightings.await(["a"]);
  sightings.note("o", 1, [row()], 0);
  const { batch } = sightings.take("o", 1, 0);
  sightings.note("o", 2, [row()], 0);
  // Found late, of an entry that was flushed already.
  const found = { spans: 5, rootEnded: false, receivedAtMs: 0 };
  const none = new Set<string>();
  const sighted = { ...found, entityIds: none, queueIds: none, queuedEntityIds: none };
  sightings.add("o", 1, new Map([["b", sighted]]));
  sightings.told("o", batch);
  expect(sightings.take("o", 1, 0).sightings).toMatchObject([{ traceId: "b", spans: 5 }]);
  expect(sightings.take("o", 2, 0).sightings).toMatchObject([{ spans: 1 }, { spans: 5 }]);
  sightings.end("o");
  expect(sightings.take("o", 2, 0).sightings).toEqual([]);
});

it("lets go first of those that are awaited longest", () => {
  const many = Array.from({ length: 200_001 }, (_, index) => `t${index}`);
  sightings.await(many);
  expect(sightings.note("o", 1, [row({ traceId: "t0" })], 0)).toBe(false);
  expect(sightings.note("o", 2, [row({ traceId: "t1" })], 0)).toBe(true);
});
