import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await apiFixture();
});
afterEach(() => fixture.close());

const send = (method: "POST" | "PUT", payload: object) =>
  fixture.app.inject({ method, url: "/scouter/alerts", payload });

describe("/scouter/alerts", () => {
  it("gives a page of a profile's alerts", async () => {
    const reply = await send("POST", { uid: "p", active: false, limit: null });
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toEqual({
      items: [
        {
          created_at: "2026-01-01T01:00:10.000000Z",
          entity_name: "p",
          alert: { Psi: { feature: "delay", drift: 0.4, threshold: 0.1 } },
          id: 3,
          active: false,
        },
      ],
      has_next: false,
      next_cursor: null,
      has_previous: false,
      previous_cursor: null,
    });
  });

  it("sets an alert aside", async () => {
    const reply = await send("PUT", { id: 3, active: false, space: "any" });
    expect(reply.json()).toEqual({ updated: true });
    expect(fixture.database.setAside).toEqual([3]);
  });

  it.each([
    [
      "an unknown alert",
      "PUT",
      { id: 4, active: false, space: "s" },
      404,
      "SERVER_ALERT_NOT_FOUND",
    ],
    ["a page without profile", "POST", { limit: 5 }, 422, "SERVER_SHAPE_INVALID"],
    ["a page of 0", "POST", { uid: "p", limit: 0 }, 422, "SERVER_SHAPE_INVALID"],
    ["a change without id", "PUT", { active: false, space: "s" }, 422, "SERVER_SHAPE_INVALID"],
  ] as const)("refuses %s", async (_name, method, payload, status, reason) => {
    const reply = await send(method, payload);
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toMatchObject({ reason });
  });
});
