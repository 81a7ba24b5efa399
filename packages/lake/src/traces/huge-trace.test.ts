import { HUGE_TRACE_LEVELS, HUGE_TRACE_SPANS, hugeTrace } from "@scouter/testkit/otlp/huge-trace";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DAY_START_NANO } from "./generated-traces.fixture.ts";
import { lakeFixture, type LakeFixture } from "./lake.fixture.ts";

const traceId = "1".padStart(32, "0");
const id = (number: number) => number.toString(16).padStart(16, "0");
let fixture: LakeFixture;

beforeAll(async () => {
  fixture = await lakeFixture();
  for (const [index, request] of hugeTrace(1, DAY_START_NANO).entries()) {
    await fixture.send(request);
    // Some parts are committed one by one, one is sent again, the last is still in memory.
    if (index === 1 || index === 3) await fixture.lake.flush();
    if (index === 3) await fixture.send(request);
  }
}, 120_000);
afterAll(() => fixture.close());

it("lists a trace of 100,000 spans and 10,000 levels with all its counts", async () => {
  const { items } = await fixture.lake.listTraces({ limit: 5, direction: "next" });
  expect(items).toMatchObject([
    { traceId, rootOperation: "level 0", spanCount: HUGE_TRACE_SPANS, errorCount: 10 },
  ]);
}, 60_000);

it("assembles it, and gives any window of its rows", async () => {
  const first = await fixture.lake.traceTree({ traceId, offset: 0, limit: 3 });
  expect(first?.levels).toBe(HUGE_TRACE_LEVELS);
  expect(first?.digest).toMatchObject({ spanCount: HUGE_TRACE_SPANS, errorCount: 10 });
  expect(first?.rows.descendantCount[0]).toBe(HUGE_TRACE_SPANS - 1);
  expect(first?.rows.errorsBelow[0]).toBe(10);
  const half = HUGE_TRACE_SPANS / 2;
  const [whole, window] = await Promise.all([
    fixture.lake.traceTree({ traceId, offset: 0, limit: HUGE_TRACE_SPANS }),
    fixture.lake.traceTree({ traceId, offset: half, limit: 500 }),
  ]);
  expect(new Set(whole?.rows.spanId).size).toBe(HUGE_TRACE_SPANS);
  expect(window?.rows.spanId).toEqual(whole?.rows.spanId.slice(half, half + 500));
  expect(window?.rows.depth).toEqual(whole?.rows.depth.slice(half, half + 500));
  const deepest = whole?.rows.spanId.indexOf(id(HUGE_TRACE_LEVELS)) ?? -1;
  expect(whole?.rows.depth[deepest]).toBe(HUGE_TRACE_LEVELS - 1);
  const past = await fixture.lake.traceTree({ traceId, offset: HUGE_TRACE_SPANS, limit: 10 });
  expect(past?.rows.spanId).toEqual([]);
}, 60_000);

it("gives a part of its spans to a caller that cannot take all", async () => {
  expect(await fixture.lake.spansOf(traceId, { limit: 20_001 })).toHaveLength(20_001);
}, 60_000);
