import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await apiFixture();
});
afterEach(() => fixture.close());
const get = (query = "") => fixture.app.inject({ url: `/scouter/service/graph${query}` });

describe("GET /scouter/service/graph", () => {
  it("shows edges", async () => {
    fixture.lake.edges = [
      {
        source: "web",
        destination: "cart",
        endpoint: "GET /cart",
        calls: 3,
        errors: 1,
        firstSeenNano: 1_500_000_000n,
        lastSeenNano: 2_000_000_000n,
        averageLatencyMs: 1.25,
      },
    ];
    const reply = await get("?service_name=cart.v-1_2&since=1970-01-01T00:00:01Z");
    expect(reply.json()).toEqual({
      edges: [
        {
          source_service: "web",
          destination_service: "cart",
          endpoint: "GET /cart",
          total_calls: 3,
          first_seen: "1970-01-01T00:00:01.500+00:00",
          last_seen: "1970-01-01T00:00:02.000+00:00",
          avg_latency_ms: 1.25,
          error_count: 1,
          error_rate_pct: 33.33,
        },
      ],
      generated_at: new Date(fixture.clock.now()).toISOString(),
    });
    expect(fixture.lake.questions).toMatchObject([
      { destination: "cart.v-1_2", range: { fromNano: 1_000_000_000n }, limit: 10_000 },
    ]);
  });

  it("looks at the last day unless told otherwise", async () => {
    expect((await get()).json()).toMatchObject({ edges: [] });
    const fromNano = BigInt(fixture.clock.now() - 86_400_000) * 1_000_000n;
    expect(fixture.lake.questions).toMatchObject([{ range: { fromNano } }]);
  });

  it.each([
    ["?service_name='; DROP TABLE", "service_name"],
    ["?service_name=a b", "service_name"],
    ["?service_name=", "service_name"],
    ["?since=yesterday", "since"],
  ])("refuses %s", async (query, field) => {
    const reply = await get(encodeURI(query));
    expect(reply.statusCode).toBe(400);
    expect(reply.body).toContain(field);
  });
});
