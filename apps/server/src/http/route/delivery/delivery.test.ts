import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";

const account = {
  producer: "p1",
  service: "checkout",
  firstSeen: "2026-01-01T00:00:00.000000Z",
  lastSeen: "2026-01-01T00:01:00.000000Z",
  messages: 3,
  repeats: 1,
  committed: 70,
  refused: 5,
  lastSequence: 4,
  missing: { messages: 1, ranges: [[3, 3]] as const },
  completeThrough: { sequence: 2, at: "2026-01-01T00:00:30.000000Z" },
  report: {
    offered: 100,
    sampledOut: 20,
    droppedFull: 1,
    droppedInvalid: 2,
    droppedClosed: 0,
    asOfSequence: 4,
  },
};

describe("GET /scouter/v2/delivery", () => {
  let fixture: ApiFixture;
  beforeEach(async () => {
    fixture = await apiFixture();
  });
  afterEach(() => fixture.close());
  const get = async (url: string) => {
    const reply = await fixture.app.inject({ method: "GET", url: `/scouter/v2/delivery/${url}` });
    return { status: reply.statusCode, body: reply.json<Record<string, unknown>>() };
  };

  it("shows each producer with its gaps and what it reported", async () => {
    fixture.database.producers.list = async () => [account];
    const { status, body } = await get("producers");
    expect(status).toBe(200);
    expect(body).toEqual({
      items: [
        {
          producer: "p1",
          service: "checkout",
          first_seen: account.firstSeen,
          last_seen: account.lastSeen,
          messages: 3,
          repeated_messages: 1,
          committed: 70,
          rejected: 5,
          last_sequence: 4,
          missing: { messages: 1, ranges: [[3, 3]] },
          complete_through: account.completeThrough,
          reported: {
            offered: 100,
            sampled_out: 20,
            dropped_full: 1,
            dropped_invalid: 2,
            dropped_closed: 0,
            as_of_sequence: 4,
          },
        },
      ],
      next_cursor: null,
    });
  });

  it("pages by a cursor that it gave", async () => {
    const asked: unknown[] = [];
    fixture.database.producers.list = async (page) => {
      asked.push(page);
      return [account];
    };
    const { body } = await get("producers?limit=1&service=checkout");
    await get(`producers?limit=1&cursor=${String(body["next_cursor"])}`);
    expect(asked).toEqual([
      { limit: 1, service: "checkout", after: undefined },
      { limit: 1, service: undefined, after: { lastSeen: account.lastSeen, producer: "p1" } },
    ]);
    const refused = await get("producers?cursor=nonsense");
    expect(refused.status).toBe(400);
  });

  it("sums up services, here and in the metrics", async () => {
    const { report, ...rest } = account;
    fixture.database.producers.services = async () => [{ ...rest, producers: 2, report }];
    expect((await get("services")).body).toMatchObject({
      items: [{ service: "checkout", producers: 2, committed: 70, reported: { offered: 100 } }],
    });
    fixture.metrics.watchDelivery(() => fixture.database.producers.services());
    const text = await fixture.metrics.registry.metrics();
    expect(text).toContain('scouter_delivery_items{service="checkout",state="offered"} 100');
    expect(text).toContain('scouter_delivery_items{service="checkout",state="dropped"} 3');
    expect(text).toContain('scouter_delivery_items{service="checkout",state="committed"} 70');
  });
});
