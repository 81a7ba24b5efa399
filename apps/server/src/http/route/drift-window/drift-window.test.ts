import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await apiFixture();
});
afterEach(() => fixture.close());

describe("GET /scouter/v2/drift/windows", () => {
  it("passes page and filter on", async () => {
    const reply = await fixture.app.inject(
      "/scouter/v2/drift/windows?uid=p&status=failed&limit=9&cursor=2026-01-01T00:00:00Z",
    );
    expect(reply.json()).toMatchObject({
      items: [{ profile_uid: "p", status: "failed", attempts: 9, result: { kind: "Psi" } }],
      next_cursor: "2026-01-01T00:00:00Z",
    });
  });

  it.each(["", "?uid=", "?uid=p&limit=0", "?uid=p&status=late"])("refuses '%s'", async (query) => {
    const reply = await fixture.app.inject(`/scouter/v2/drift/windows${query}`);
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ code: "SERVER_PARAMETER_INVALID" });
  });
});

describe("POST /scouter/v2/drift/windows/:id/rerun", () => {
  const rerun = (id: string) =>
    fixture.app.inject({ method: "POST", url: `/scouter/v2/drift/windows/${id}/rerun` });

  it("makes a failed window due, and no other", async () => {
    const reply = await rerun("7");
    expect([reply.statusCode, reply.json()]).toMatchObject([200, { id: 7, status: "due" }]);
    const again = await rerun("9");
    expect(again.statusCode).toBe(409);
    expect(again.json()).toMatchObject({
      code: "SERVER_DRIFT_WINDOW_NOT_FAILED",
      detail: expect.stringContaining("drift window 9 is running: only one that is failed"),
      suggested_action: expect.stringContaining("wait until it is done or failed"),
    });
  });

  it.each([
    ["8", 404, "SERVER_DRIFT_WINDOW_UNKNOWN"],
    ["0", 400, "SERVER_PARAMETER_INVALID"],
    ["1.5", 400, "SERVER_PARAMETER_INVALID"],
    ["seven", 400, "SERVER_PARAMETER_INVALID"],
    ["99999999999999999999", 400, "SERVER_PARAMETER_INVALID"],
  ])("answers window %s with %i", async (id, status, code) => {
    const reply = await rerun(id);
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toMatchObject({ code });
  });
});
