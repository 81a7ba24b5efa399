import {
  exportRequest,
  otlpSpan,
  spanIdBytes,
  traceIdBytes,
} from "@scouter/testkit/otlp/export-request";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DAY_START_NANO, HOUR_NANO } from "../traces/generated-traces.fixture.ts";
import { lakeFixture, type LakeFixture } from "../traces/lake.fixture.ts";

const CLIENT = 3;
const SERVER = 2;
const range = { fromNano: DAY_START_NANO, toNano: DAY_START_NANO + HOUR_NANO };

let fixture: LakeFixture;
let spans = 0;

async function span(
  service: string,
  name: string,
  given: {
    readonly kind: number;
    readonly parent?: number;
    readonly ms?: number;
    readonly error?: boolean;
    readonly at?: bigint;
  },
): Promise<number> {
  spans += 1;
  const start = given.at ?? DAY_START_NANO;
  await fixture.send(
    exportRequest(
      [
        otlpSpan({
          traceId: traceIdBytes(1),
          spanId: spanIdBytes(spans),
          ...(given.parent === undefined ? {} : { parentSpanId: spanIdBytes(given.parent) }),
          name,
          kind: given.kind,
          startTimeUnixNano: start,
          endTimeUnixNano: start + BigInt(given.ms ?? 10) * 1_000_000n,
          status: { code: given.error === true ? 2 : 0 },
        }),
      ],
      { resource: { "service.name": service } },
    ),
  );
  return spans;
}

beforeAll(async () => {
  fixture = await lakeFixture();
  const root = await span("web", "GET /", { kind: SERVER });
  const first = await span("web", "call cart", { kind: CLIENT, parent: root, ms: 50 });
  await span("cart", "GET /cart", { kind: SERVER, parent: first, ms: 20 });
  await fixture.lake.flush();
  const second = await span("web", "call cart", { kind: CLIENT, parent: root, error: true });
  await span("cart", "GET /cart", { kind: SERVER, parent: second, ms: 40 });
  const third = await span("cart", "send", { kind: 4, parent: root });
  await span("mail", "receive", { kind: 5, parent: third, error: true });
  // Not calls between services: no client above, or none at all.
  await span("audit", "write", { kind: SERVER, parent: root });
  const lone = await span("web", "call nowhere", { kind: CLIENT, parent: root });
  await span("web", "inner", { kind: 1, parent: lone });
  // Before the range.
  const early = await span("web", "call", { kind: CLIENT, parent: root, at: DAY_START_NANO - 10n });
  await span("old", "GET /old", { kind: SERVER, parent: early, at: DAY_START_NANO - 5n });
});
afterAll(() => fixture.close());

const edges = (query: object = {}) => fixture.lake.serviceEdges({ range, limit: 100, ...query });

describe("serviceEdges", () => {
  it("pairs client with server and producer with consumer spans", async () => {
    expect(await edges()).toEqual([
      {
        source: "web",
        destination: "cart",
        endpoint: "GET /cart",
        calls: 2,
        errors: 1,
        firstSeenNano: DAY_START_NANO,
        lastSeenNano: DAY_START_NANO,
        averageLatencyMs: 30,
      },
      expect.objectContaining({
        source: "cart",
        destination: "mail",
        endpoint: "receive",
        calls: 1,
        errors: 1,
      }),
    ]);
  });

  it.each([
    ["destination", { destination: "cart" }, ["cart"]],
    ["source", { source: "cart" }, ["mail"]],
    ["a name that is no SQL", { destination: "x' OR true --" }, []],
    ["limit", { limit: 1 }, ["cart"]],
  ])("filters by %s", async (_, query, destinations) => {
    expect((await edges(query)).map(({ destination }) => destination)).toEqual(destinations);
  });
});
