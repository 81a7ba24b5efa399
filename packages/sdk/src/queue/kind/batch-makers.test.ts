import { spcRecord, customMetricRecord, psiRecord } from "@scouter/contracts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FeaturesItem, MetricsItem } from "../../record/observed-row.ts";
import { batchMakerOf } from "./batch-maker-of.ts";
import type { BatchMaker, QueuedThing } from "./batch-maker.ts";
import {
  customProfileFixture,
  psiProfileFixture,
  spcProfileFixture,
} from "./watching-profiles.fixture.ts";

const MAX_BYTES = 1_000_000;
const rowOf = (values: FeaturesItem["values"]): FeaturesItem => ({
  kind: "features",
  createdAtMs: 1_000,
  values,
});
const metricsOf = (values: MetricsItem["values"]): MetricsItem => ({
  kind: "metrics",
  createdAtMs: 2_000,
  values,
});

async function made(maker: BatchMaker, items: readonly QueuedThing[], maxBytes = MAX_BYTES) {
  const queued = items.map((item) => ({ item, traceId: undefined }));
  const { parts, unsendable } = await maker.make(queued, maxBytes);
  const records = parts.flatMap(({ body }) => {
    const message = JSON.parse(Buffer.from(body).toString()) as { records: object[] };
    return message.records;
  });
  return { parts, unsendable, records };
}

describe("control charts", () => {
  const maker = batchMakerOf("uid", spcProfileFixture());

  test("rows become one record of each feature, their mean, with the time of the last row", async () => {
    const items = [
      rowOf({ speed: 1, weight: 10 }),
      rowOf({ speed: 3, weight: Number.NaN, colour: "red" }),
      rowOf({ speed: 8, weight: 20 }),
    ];
    const { parts, records } = await made(maker, items);
    expect(parts).toMatchObject([{ indexes: [0, 1, 2], recordCount: 2, sharesRecords: true }]);
    const Spc = { created_at: "1970-01-01T00:00:01.000Z", uid: "uid", entity_id: 0 };
    expect(records).toEqual([
      { Spc: { ...Spc, feature: "speed", value: 4 } },
      { Spc: { ...Spc, feature: "weight", value: 15 } },
    ]);
    for (const record of records) spcRecord.parse((record as { Spc: object }).Spc);
    expect(maker).toMatchObject({ takes: "features", batchSize: 3 });
  });

  test("a row without a watched value is named, and the others are sent", async () => {
    const { parts, unsendable } = await made(maker, [rowOf({ colour: 1 }), rowOf({ speed: 1 })]);
    expect(unsendable).toEqual([{ index: 0, detail: "no watched value that is a finite number" }]);
    expect(parts).toMatchObject([{ indexes: [1], recordCount: 1 }]);
  });

  test("a row whose values throw costs no other row", async () => {
    const values = {
      get speed(): number {
        throw new Error("lazy value failed");
      },
    };
    const { unsendable, records } = await made(maker, [rowOf(values), rowOf({ speed: 2 })]);
    expect(unsendable).toEqual([{ index: 0, detail: "lazy value failed" }]);
    expect(records).toHaveLength(1);
  });

  test("a message that is too large is reported for every row", async () => {
    const { parts, unsendable } = await made(maker, [rowOf({ speed: 1 })], 20);
    expect(parts).toEqual([]);
    expect(unsendable).toMatchObject([{ index: 0 }]);
  });
});

test("metrics are sent as means, under the profile's names", async () => {
  const maker = batchMakerOf("uid", customProfileFixture());
  const { records } = await made(maker, [
    metricsOf({ MAE: 1, unknown: 7 }),
    metricsOf({ mae: 2, r2: 0.5 }),
  ]);
  const Custom = { created_at: "1970-01-01T00:00:02.000Z", uid: "uid", entity_id: 0 };
  expect(records).toEqual([
    { Custom: { ...Custom, metric: "mae", value: 1.5 } },
    { Custom: { ...Custom, metric: "r2", value: 0.5 } },
  ]);
  for (const record of records) customMetricRecord.parse((record as { Custom: object }).Custom);
  expect(maker).toMatchObject({ takes: "metrics", batchSize: 3 });
});

describe("distributions", () => {
  const maker = batchMakerOf("uid", psiProfileFixture());
  const countsOf = async (items: readonly QueuedThing[], feature: string) => {
    const { records } = await made(maker, items);
    return records
      .map((record) => psiRecord.parse((record as { Psi: object }).Psi))
      .filter((record) => record.feature === feature)
      .map(({ bin_id, bin_count }) => [bin_id, bin_count]);
  };

  test.for([
    { value: -5, bin: 1 },
    { value: 10, bin: 1 },
    { value: 10.000_001, bin: 2 },
    { value: 20, bin: 2 },
    { value: 30, bin: 3 },
    { value: 1e300, bin: 4 },
  ])(
    "$value falls into bin $bin: above its lower limit, up to its upper",
    async ({ value, bin }) => {
      const counts = await countsOf([rowOf({ speed: value })], "speed");
      expect(counts).toEqual([1, 2, 3, 4].map((id) => [id, id === bin ? 1 : 0]));
    },
  );

  test("categories have the codes of the profile, others that of 'missing'", async () => {
    const items = ["Rome", "Oslo", "Rome", "Atlantis", "toString"].map((city) => rowOf({ city }));
    expect(await countsOf(items, "city")).toEqual([
      [0, 1],
      [1, 2],
      [2, 2],
    ]);
  });

  test("a feature without a value in the batch is not sent", async () => {
    const items = [rowOf({ speed: 1, city: null }), rowOf({ speed: 2 })];
    expect(await countsOf(items, "city")).toEqual([]);
  });

  test("every finite number is counted once, whatever they are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double(), { minLength: 1, maxLength: 600 }), async (values) => {
        const counts = await countsOf(
          values.map((speed) => rowOf({ speed })),
          "speed",
        );
        const finite = values.filter(Number.isFinite);
        const expected = [
          finite.filter((value) => value <= 10).length,
          finite.filter((value) => value > 10 && value <= 20).length,
          finite.filter((value) => value > 20 && value <= 30).length,
          finite.filter((value) => value > 30).length,
        ];
        expect(counts.map(([, count]) => count)).toEqual(finite.length === 0 ? [] : expected);
      }),
      { numRuns: 100 },
    );
  });
});
