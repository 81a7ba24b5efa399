import { driftBacktest } from "@scouter/contracts";
import type { Observation } from "@scouter/database";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";
import { driftProfiles } from "../../../../test/fake/drift-profiles.ts";
import { realDatabase, type RealDatabase } from "../../../../test/fake/real-database.ts";
import { profileRequestOf } from "../../../../test/fake/samples.ts";

const HOUR_MS = 3_600_000;
let real: RealDatabase;
let fixture: ApiFixture;
let uid: string;
/** The fixture's own is as old as its clock was. */
let token: string;

beforeAll(async () => {
  real = await realDatabase();
  fixture = await apiFixture({}, real.database);
  const registered = await fixture.app.inject({
    method: "POST",
    url: "/scouter/profile",
    payload: { ...profileRequestOf(driftProfiles.Psi), space: "flights", drift_type: "Psi" },
  });
  ({ uid } = registered.json<{ uid: string }>());
  const rows = { kind: "Psi", profileUid: uid, series: "delay", binId: 1, binCount: 1000 };
  const createdAt = new Date().toISOString();
  await real.database.observations.store([{ ...rows, createdAt } as Observation]);
  // The window of the present hour has ended.
  fixture.clock.jumpTo(Date.now() + HOUR_MS);
  const login = { username: "admin", password: "admin" };
  token = await fixture.login.authenticator.login(login, "127.0.0.1");
});
afterAll(async () => {
  await fixture.close();
  await real.remove();
});

const post = (payload: object) =>
  fixture.app.inject({
    method: "POST",
    url: "/scouter/v2/drift/backtest",
    headers: { authorization: `Bearer ${token}` },
    payload,
  });

describe("POST /scouter/v2/drift/backtest", () => {
  it("says when the profile would have alerted, as it is and with other settings", async () => {
    const reply = await post({ uid, days: 2, alert_config: { min_effect: 100 } });
    expect(reply.statusCode).toBe(200);
    const { current, proposed } = driftBacktest.parse(reply.json());
    expect(current).toMatchObject({ windows_with_data: 1, windows_alarming: 1 });
    expect(current.opened).toMatchObject([{ name: "delay", told: true }]);
    expect(proposed).toMatchObject({ windows: current.windows, windows_alarming: 0, opened: [] });
    expect(current.expected_false_alarms_month).toBeGreaterThan(0);
  });

  it.each<[string, object, number, string]>([
    ["an unknown profile", { uid: "nobody" }, 404, "SERVER_PROFILE_UNKNOWN"],
    ["no days", { days: 0 }, 422, "SERVER_SHAPE_INVALID"],
    [
      "a schedule that is none",
      { alert_config: { schedule: "often" } },
      400,
      "DRIFT_PROFILE_INVALID",
    ],
    ["a threshold that is none", { alert_config: { threshold: 3 } }, 400, "SERVER_PROFILE_INVALID"],
    [
      "too many windows",
      { alert_config: { schedule: "* * * * * *" } },
      400,
      "SERVER_BACKTEST_TOO_LONG",
    ],
  ])("refuses %s", async (_, change, status, code) => {
    const reply = await post({ uid, ...change });
    expect([reply.statusCode, reply.json<{ code: string }>().code]).toEqual([status, code]);
  });
});
