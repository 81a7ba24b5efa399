import type { JsonObject } from "@scouter/contracts";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";
import { driftProfiles } from "../../../../test/fake/drift-profiles.ts";
import { profileRequestOf, sampleProfile } from "../../../../test/fake/samples.ts";

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await apiFixture();
});
afterEach(() => fixture.close());

const register = (payload: object) =>
  fixture.app.inject({ method: "POST", url: "/scouter/profile", payload });

/** The clock of the fixture stands at the begin of an hour. */
const NEXT_HOUR = new Date(new ManualClock().now() + 3_600_000).toISOString();
const KEY = "name=answers&space=support&version=0.1.0&drift_type=Agent";

describe("POST /scouter/profile", () => {
  it("answers with the server's version and uid", async () => {
    const reply = await register(profileRequestOf());
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toEqual({
      space: "support",
      name: "answers",
      version: "0.1.0",
      uid: fixture.database.registered[0]?.uid,
      status: "success",
      active: false,
      next_run: null,
    });
  });

  it("keeps every field of the profile, known or not, in the order given", async () => {
    await register(profileRequestOf());
    const stored = fixture.database.registered[0]?.profile ?? {};
    expect(Object.keys(stored)).toEqual(Object.keys(sampleProfile()));
    expect(stored["zzz_unknown_field"]).toEqual({ kept: true });
  });

  it("takes the request's space when the profile has none", async () => {
    const config = { name: "answers", space: "__missing__" };
    await register(profileRequestOf(sampleProfile({ config })));
    expect(fixture.database.registered[0]?.space).toBe("support");
  });

  const badTask = { id: "a", operator: "Equals", expected_value: 1, context_path: "a[" };
  const buckets = (assertion: readonly object[]) =>
    ({ assertion, judge: [], trace: [], agent: [] }) as unknown as JsonObject;
  it.each<[string, JsonObject, number, string, string]>([
    [
      "no version request",
      { ...profileRequestOf(), version_request: null },
      400,
      "SERVER_PARAMETER_INVALID",
      "version request is required",
    ],
    [
      "a profile that is not JSON",
      { ...profileRequestOf(), profile: "{" },
      400,
      "SERVER_PROFILE_INVALID",
      "invalid profile: it is not JSON",
    ],
    [
      "a profile that is no object",
      { ...profileRequestOf(), profile: "[]" },
      400,
      "SERVER_PROFILE_INVALID",
      "expected a JSON object",
    ],
    [
      "a profile without tasks",
      profileRequestOf({ config: { name: "n" } }),
      400,
      "SERVER_PROFILE_INVALID",
      "'tasks'",
    ],
    [
      "a profile without name",
      profileRequestOf(sampleProfile({ config: {} })),
      400,
      "SERVER_PROFILE_INVALID",
      "config.name",
    ],
    [
      "an unknown operator",
      profileRequestOf(sampleProfile({ tasks: buckets([{ ...badTask, operator: "Alike" }]) })),
      400,
      "EVALUATE_TASKS_INVALID",
      "unknown operator 'Alike'",
    ],
    [
      "a bad path",
      profileRequestOf(sampleProfile({ tasks: buckets([badTask]) })),
      400,
      "EVALUATE_TASKS_INVALID",
      "task 'a', context_path",
    ],
    [
      "an empty list of tasks",
      profileRequestOf(sampleProfile({ tasks: buckets([]) })),
      400,
      "EVALUATE_TASKS_INVALID",
      "at least one task",
    ],
    [
      "an agent's profile as one of features",
      { ...profileRequestOf(), drift_type: "Psi" },
      400,
      "SERVER_PROFILE_INVALID",
      "'features'",
    ],
    [
      "an agent's schedule that never comes",
      profileRequestOf(
        sampleProfile({ config: { name: "n", alert_config: { schedule: "0 0 0 31 2 *" } } }),
      ),
      400,
      "DRIFT_PROFILE_INVALID",
      "schedule '0 0 0 31 2 *' never comes",
    ],
    [
      "an unknown type",
      { ...profileRequestOf(), drift_type: "Llm" },
      422,
      "SERVER_SHAPE_INVALID",
      "'drift_type'",
    ],
  ])("refuses %s", async (_name, payload, status, reason, message) => {
    const reply = await register(payload);
    expect(reply.statusCode).toBe(status);
    const body = reply.json<{ reason: string; error: string }>();
    expect(body.reason).toBe(reason);
    expect(body.error).toContain(message);
    expect(fixture.database.registered).toHaveLength(0);
  });
});

describe.each(["Spc", "Psi", "Custom"] as const)("%s profiles", (drift_type) => {
  const request = (profile: unknown) => ({ ...profileRequestOf(profile), drift_type });
  const config = driftProfiles[drift_type]["config"] as JsonObject;
  const alert = config["alert_config"] as JsonObject;
  const withAlert = (fields: JsonObject) => ({
    ...driftProfiles[drift_type],
    config: { ...config, alert_config: { ...alert, ...fields } },
  });

  it("are stored verbatim, come back tagged, and tell when they run next", async () => {
    const reply = await register(request(driftProfiles[drift_type]));
    const { version, uid, next_run } = reply.json<Record<string, string>>();
    expect({ version, next_run }).toEqual({ version: "0.1.0", next_run: NEXT_HOUR });
    const key = `name=delays&space=flights&version=0.1.0&drift_type=${drift_type}`;
    const stored = await fixture.app.inject(`/scouter/profile?${key}`);
    const expected = { ...driftProfiles[drift_type], config: { ...config, uid, version } };
    expect(stored.body).toBe(JSON.stringify({ [drift_type]: expected }));
  });

  it.each<[string, JsonObject, string]>([
    ["a schedule with a bad field", { schedule: "0 61 * * * *" }, "'61' in the minute field"],
    ["a schedule that is no schedule", { schedule: "hourly" }, "has 1 field"],
    ["a time zone that is none", { time_zone: "Europe/Atlantis" }, "'Europe/Atlantis'"],
  ])("with %s are refused, and nothing is stored", async (_name, fields, message) => {
    const reply = await register(request(withAlert(fields)));
    expect(reply.statusCode).toBe(400);
    const body = reply.json<{ reason: string; error: string }>();
    expect(body.reason).toBe("DRIFT_PROFILE_INVALID");
    expect(body.error).toContain(message);
    expect(fixture.database.registered).toHaveLength(0);
  });

  it("are replaced by a body of their own kind only", async () => {
    const { uid } = (await register(request(driftProfiles[drift_type]))).json<{ uid: string }>();
    const body = { ...withAlert({ schedule: "0 0 0 * * *" }) };
    const put = (payload: object) =>
      fixture.app.inject({ method: "PUT", url: "/scouter/profile", payload });
    const own = { ...body, config: { ...body.config, uid } };
    expect((await put(request(own))).statusCode).toBe(200);
    const agent = sampleProfile({ config: { name: "answers", uid } });
    expect((await put(profileRequestOf(agent))).statusCode).toBe(404);
  });
});

describe("reading profiles", () => {
  beforeEach(() => register(profileRequestOf()));

  it("gives one, tagged with its kind", async () => {
    const reply = await fixture.app.inject(`/scouter/profile?${KEY}`);
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toMatchObject({
      Agent: { config: { name: "answers", version: "0.1.0" } },
    });
  });

  it("gives all kinds of one version", async () => {
    const reply = await fixture.app.inject({
      method: "POST",
      url: "/scouter/profiles",
      payload: { space: "support", name: "answers", version: "0.1.0" },
    });
    expect(reply.json()).toMatchObject([{ profile: { Agent: {} }, active: false }]);
  });

  it("lists them", async () => {
    const reply = await fixture.app.inject("/scouter/v2/profiles?limit=1");
    expect(reply.json()).toMatchObject({ items: [{ name: "answers" }], next_cursor: null });
  });

  it.each([
    [
      "GET",
      "/scouter/profile?name=answers&space=support&version=9.9.9&drift_type=Agent",
      undefined,
    ],
    ["POST", "/scouter/profiles", { space: "support", name: "answers", version: "9.9.9" }],
    ["PUT", "/scouter/profile", profileRequestOf()],
  ] as const)("answers 404 to %s %s when it is unknown", async (method, url, payload) => {
    const reply = await fixture.app.inject({
      method,
      url,
      ...(payload === undefined ? {} : { payload }),
    });
    expect(reply.statusCode).toBe(404);
    expect(reply.json()).toMatchObject({ reason: "SERVER_PROFILE_NOT_FOUND", code: "NOT_FOUND" });
  });
});

describe("changing profiles", () => {
  it("replaces the body of a known one", async () => {
    await register(profileRequestOf());
    const uid = fixture.database.registered[0]?.uid ?? "";
    const changed = sampleProfile({ config: { name: "answers", uid }, alias: "new" });
    const reply = await fixture.app.inject({
      method: "PUT",
      url: "/scouter/profile",
      payload: profileRequestOf(changed),
    });
    expect(reply.json()).toEqual({
      status: "success",
      message: "Drift profile updated successfully",
    });
    expect(fixture.database.registered[0]?.profile["alias"]).toBe("new");
  });

  it("sets the status", async () => {
    const payload = {
      name: "n",
      space: "s",
      version: "1.0.0",
      active: true,
      deactivate_others: false,
    };
    const reply = await fixture.app.inject({
      method: "PUT",
      url: "/scouter/profile/status",
      payload,
    });
    expect(reply.json()).toEqual({
      status: "success",
      message: "Monitor profile status updated to true for n s 1.0.0",
    });
  });
});
