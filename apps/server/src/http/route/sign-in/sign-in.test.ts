import { describe, expect, it } from "vitest";
import { apiFixture } from "../../../../test/fake/api-fixture.ts";

async function guestOf(env: Record<string, string>, guestIsActive = true) {
  const fixture = await apiFixture(env);
  if (!guestIsActive) await fixture.database.users.update("guest", { active: false });
  const reply = await fixture.bare.inject("/scouter/v2/sign-in");
  await fixture.close();
  expect(reply.statusCode).toBe(200);
  expect(reply.headers["cache-control"]).toBe("no-store");
  return reply.json<object>();
}

describe("GET /scouter/v2/sign-in", () => {
  it("names the well-known guest of a private server", async () => {
    expect(await guestOf({})).toEqual({ guest: "guest" });
  });

  it("names none that was deactivated", async () => {
    expect(await guestOf({}, false)).toEqual({ guest: null });
  });
});
