import { randomUUID } from "node:crypto";
import type { DriftType, DriftWindow, JsonObject } from "@scouter/contracts";
import { createPsiProfile } from "@scouter/drift";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { driftProfiles } from "./fake/drift-profiles.ts";
import { sampleProfile } from "./fake/samples.ts";
import { startPoisonSystem, withAt, type PoisonSystem, type Reply } from "./poison-system.ts";
import { planWindow, runWorkers } from "./poison-window.ts";
import { poisonedAlerts, poisonedProfiles } from "./poisoned-profiles.ts";

let system: PoisonSystem;
beforeAll(async () => {
  system = await startPoisonSystem();
});
afterAll(() => system.stop());

const good: Readonly<Record<DriftType, JsonObject>> = { ...driftProfiles, Agent: sampleProfile() };
const named = (kind: DriftType, name: string) => withAt(good[kind], "config.name", name);
const register = (kind: DriftType, profile: JsonObject | string, fields: object = {}) =>
  system.call("POST", "/scouter/profile", {
    space: "flights",
    drift_type: kind,
    profile: typeof profile === "string" ? profile : JSON.stringify(profile),
    version_request: { version: null, version_type: "Minor" },
    active: true,
    ...fields,
  });
const versioned = (version: string | null, fields: object = {}) => ({
  version_request: { version, version_type: "Minor", ...fields },
});

async function uidOf(kind: DriftType, profile: JsonObject): Promise<string> {
  const { status, body } = await register(kind, profile);
  expect([status, body["error"]]).toEqual([200, undefined]);
  return String(body["uid"]);
}

/** Refused by the sender's fault, saying what is wrong and what to do, in a text of sensible length. */
function expectRefused({ status, body }: Reply, says: string): void {
  expect([status, body["error"]]).toEqual([400, expect.stringContaining(says)]);
  expect(body).toMatchObject({ suggested_action: expect.any(String), retry: false });
  expect(String(body["error"]).length).toBeLessThan(1000);
}

async function profileCount(): Promise<number> {
  return (await system.database.profiles.list({ limit: 1000 })).items.length;
}

describe("a poisoned profile is refused, and nothing of it is stored", () => {
  it.each(poisonedProfiles)("%s (%s)", async (_what, kind, path, value, says) => {
    const before = await profileCount();
    expectRefused(await register(kind, withAt(good[kind], path, value)), says);
    expect(await profileCount()).toBe(before);
  });

  it.each(poisonedAlerts)("%s, of any kind", async (_what, fields, says) => {
    const before = await profileCount();
    for (const kind of ["Spc", "Psi", "Custom", "Agent"] as const) {
      const config = good[kind]["config"] as JsonObject;
      const alert = { ...(config["alert_config"] as JsonObject), schedule: "@daily" };
      const poisoned = { ...alert, ...(fields as JsonObject) };
      const profile = withAt(good[kind], "config.alert_config", poisoned);
      expectRefused(await register(kind, profile), says);
    }
    expect(await profileCount()).toBe(before);
  });

  const text = JSON.stringify(good.Spc);
  const withCenter = (center: string) => text.replace(/"center":[^,]+/, `"center":${center}`);
  const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
  it.each([
    ["empty", "", "it is not JSON: it is empty"],
    ["cut short", text.slice(0, -9), "it is not JSON"],
    ["NaN for a limit", withCenter("NaN"), "it is not JSON"],
    ["a number past every range", withCenter("1e999"), "received Infinity"],
    ["a list", "[]", "expected a JSON object"],
    ["nested absurdly", text.replace('{"kept":true}', nested(20_000)), "deeper than 1000 levels"],
  ])("text that is %s", async (_what, profile, says) => {
    expectRefused(await register("Spc", profile), says);
  });

  it("tells every problem at once, with its path", async () => {
    const twice = withAt(withAt(good.Spc, "features.delay.center", null), "config.sample_size", 0);
    const { body } = await register("Spc", twice);
    expect(body["error"]).toMatch(/'features\.delay\.center'.*'config\.sample_size'/);
  });

  it("does not touch sound ones of the same server", async () => {
    for (const kind of ["Spc", "Psi", "Custom", "Agent"] as const) {
      const { status, body } = await register(kind, named(kind, "sound"));
      expect([status, body["version"], body["name"]]).toEqual([200, "0.1.0", "sound"]);
    }
  });
});

describe("versions", () => {
  it.each([
    ["words", "one"],
    ["a letter before", "v1"],
    ["four numbers", "1.2.3.4"],
    ["a negative number", "-1"],
    ["a gap", "1..2"],
    ["an empty pre-release", "1.2.3-"],
    ["a pre-release with a leading zero", "1.2.3-01"],
    ["a bare operator", "^"],
    ["a range of a pre-release", "^1.2.3-rc"],
    ["a star in the middle", "1.*.3"],
    ["a number past every range", "99999999999999999999"],
    ["an absurd length", "1".repeat(10_000)],
  ])("refuses %s", async (_what, version) => {
    expectRefused(await register("Spc", good.Spc, versioned(version)), "the version request");
  });

  it.each([
    ["a blank in a tag", { pre_tag: "a b" }, "not made of dot-separated"],
    ["a plus for a build", { build_tag: "+" }, "not made of dot-separated"],
    ["an absurd tag", { pre_tag: "x".repeat(10_000) }, "expected at most 200"],
  ])("refuses %s", async (_what, tags, says) => {
    expectRefused(await register("Spc", good.Spc, versioned(null, tags)), says);
  });

  // Each continues what the ones before it left; a taken version is never given again.
  const asked: readonly (readonly [string | null, string])[] = [
    ["1", "1.0.0"],
    ["1.*", "1.1.0"],
    ["1.0.0", "1.2.0"],
    ["1.0.0", "1.3.0"],
    ["2.0.0-rc.1", "2.0.0-rc.1"],
    ["2", "2.0.0"],
    ["^1", "1.4.0"],
    [null, "2.1.0"],
  ];
  it("are continued from what was asked", async () => {
    const profile = named("Custom", "versions");
    const given: unknown[] = [];
    for (const [version] of asked) {
      given.push((await register("Custom", profile, versioned(version))).body["version"]);
    }
    expect(given).toEqual(asked.map(([, version]) => version));
  });

  it("keep their profile, whatever is registered as the same version again", async () => {
    const first = named("Custom", "again");
    const { body } = await register("Custom", first, versioned("1.0.0"));
    const same = await register("Custom", first, versioned("1.0.0"));
    const other = withAt(first, "metrics.mae", 99);
    const changed = await register("Custom", other, versioned("1.0.0"));
    expect([same.body["version"], changed.body["version"]]).toEqual(["1.1.0", "1.2.0"]);
    expect(new Set([body["uid"], same.body["uid"], changed.body["uid"]]).size).toBe(3);
    const query = "name=again&space=flights&version=1.0.0&drift_type=Custom";
    const stored = await system.call("GET", `/scouter/profile?${query}`);
    expect(stored.body).toMatchObject({
      Custom: { metrics: { mae: 2 }, config: { uid: body["uid"], version: "1.0.0" } },
    });
  });

  it("are distinct for 20 registrations at once", async () => {
    const profile = named("Psi", "crowd");
    const replies = await Promise.all(Array.from({ length: 20 }, () => register("Psi", profile)));
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    const versions = replies.map(({ body }) => String(body["version"]));
    const expected = Array.from({ length: 20 }, (_, i) => `0.${i + 1}.0`);
    expect(versions.toSorted()).toEqual(expected.toSorted());
    expect(new Set(replies.map(({ body }) => body["uid"])).size).toBe(20);
  });
});

interface Rejected {
  readonly index: number;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

const time = "2026-03-01T10:00:00Z";
const custom = (uid: string, metric: string, value: unknown) => ({
  Custom: { created_at: time, uid, metric, value },
});
const psi = (uid: string, feature: string, bin_id: number, bin_count: number) => ({
  Psi: { created_at: time, uid, feature, bin_id, bin_count },
});
const send = (records: readonly unknown[]) => system.call("POST", "/scouter/message", { records });

async function lastWindow(uid: string): Promise<DriftWindow> {
  const { body } = await system.call("GET", `/scouter/v2/drift/windows?uid=${uid}&limit=1`);
  return (body["items"] as DriftWindow[])[0] as DriftWindow;
}

async function computedWindow(uid: string): Promise<DriftWindow> {
  await planWindow(system.database, uid);
  expect(await runWorkers(system.database, 1)).toEqual([`${uid} computed`]);
  return lastWindow(uid);
}

describe("a poisoned observation", () => {
  const nowhere = randomUUID();
  const poisons: readonly (readonly [string, (uid: string) => unknown, string, string])[] = [
    [
      "metric",
      (uid) => custom(uid, "gone", 1),
      "SERVER_SERIES_UNKNOWN",
      "no feature or metric 'gone'",
    ],
    ["prototype", (uid) => custom(uid, "__proto__", 1), "SERVER_SERIES_UNKNOWN", "'__proto__'"],
    ["long", (uid) => custom(uid, "x".repeat(9999), 1), "SERVER_SERIES_UNKNOWN", "'xxx"],
    ["null", (uid) => custom(uid, "mae", null), "SERVER_RECORD_SHAPE_INVALID", "'value'"],
    ["text", (uid) => custom(uid, "mae", "1"), "SERVER_RECORD_SHAPE_INVALID", "'value'"],
    ["uid", () => custom(nowhere, "mae", 1), "SERVER_PROFILE_UNKNOWN", nowhere],
    [
      "no uid",
      () => custom("flights/delays", "mae", 1),
      "SERVER_PROFILE_UNKNOWN",
      "flights/delays",
    ],
    ["kind", (uid) => psi(uid, "mae", 1, 1), "SERVER_PROFILE_UNKNOWN", "no Psi profile"],
    ["count", (uid) => psi(uid, "mae", 1, -1), "SERVER_RECORD_SHAPE_INVALID", "'bin_count'"],
    ["no kind", () => ({}), "SERVER_RECORD_KIND_UNKNOWN", "exactly one key"],
    ["number", () => 5, "SERVER_RECORD_KIND_UNKNOWN", "exactly one key"],
    [
      "time",
      (uid) => ({ Custom: { created_at: "yesterday", uid, metric: "mae", value: 1 } }),
      "SERVER_RECORD_SHAPE_INVALID",
      "RFC 3339",
    ],
    [
      "year",
      (uid) => ({ Custom: { created_at: "0000-01-01T00:00:00Z", uid, metric: "mae", value: 1 } }),
      "DATABASE_TIME_OUT_OF_RANGE",
      "between the years 0001 and 9999",
    ],
  ];

  it("is refused alone, each with its reason; its neighbours count", async () => {
    const uid = await uidOf("Custom", named("Custom", "batch"));
    const records = poisons.flatMap(([, poison]) => [poison(uid), custom(uid, "mae", 4)]);
    const { status, body } = await send(records);
    expect([status, body["status"], body["accepted"]]).toEqual([
      200,
      "partial_success",
      poisons.length,
    ]);
    const rejected = body["rejected"] as Rejected[];
    for (const [place, [, , code, says]] of poisons.entries()) {
      const message: unknown = expect.stringContaining(says);
      expect(rejected[place]).toMatchObject({ index: 2 * place, code, message });
      expect(rejected[place]?.remedy).toMatch(/\w+/);
      expect(rejected[place]?.message.length).toBeLessThan(400);
    }
    expect((await computedWindow(uid)).result?.features).toMatchObject([
      { name: "mae", status: "alert", observed: 4, count: poisons.length },
    ]);
    expect(system.log()).not.toContain("a record could not be stored");
  });

  it("is a client error when there is nothing else, and no JSON when it is NaN", async () => {
    const uid = await uidOf("Custom", named("Custom", "alone"));
    const alone = await send([custom(uid, "gone", 1)]);
    expect([alone.status, alone.body["reason"]]).toEqual([422, "SERVER_ITEMS_ALL_REFUSED"]);
    const raw = JSON.stringify({ records: [custom(uid, "mae", 12345)] });
    const reply = (text: string) =>
      system.call("POST", "/scouter/message", raw.replace("12345", text));
    expect((await reply("NaN")).status).toBe(400);
    expect((await reply("1e999")).body["error"]).toContain("received Infinity");
  });
});

describe("a poisoned feature", () => {
  it("of numbers at the end of their range fails alone, and says why", async () => {
    const most = Number.MAX_VALUE;
    const metrics = { mae: 2, bias: 1, tiny: 1 };
    const profile = withAt(named("Custom", "huge"), "metrics", metrics);
    const uid = await uidOf("Custom", profile);
    const values = [
      ["mae", most],
      ["mae", most],
      ["bias", 7],
      ["tiny", 1e-300],
    ] as const;
    const sent = await send(values.map(([metric, value]) => custom(uid, metric, value)));
    expect(sent.body["accepted"]).toBe(4);
    expect(await computedWindow(uid)).toMatchObject({
      status: "done",
      last_error: null,
      observed: 4,
      result: {
        features: [
          { name: "bias", status: "ok", observed: 7 },
          {
            name: "mae",
            status: "error",
            code: "DRIFT_OBSERVATION_INVALID",
            message: "observations of 'mae': their mean is Infinity, sum Infinity of 2",
          },
          { name: "tiny", status: "ok", observed: 1e-300 },
        ],
      },
    });
    const chart = `uid=${uid}&space=flights&time_interval=Custom&max_data_points=9`;
    const range =
      "start_custom_datetime=2026-03-01T00:00:00Z&end_custom_datetime=2026-03-02T00:00:00Z";
    const { status, body } = await system.call("GET", `/scouter/drift/custom?${chart}&${range}`);
    expect([status, Object.keys(body["metrics"] as object)]).toEqual([
      200,
      ["bias", "mae", "tiny"],
    ]);
  });

  it("of bins that the profile lacks fails alone, and says why", async () => {
    const column = Array.from({ length: 400 }, (_, i) => i);
    const { profile } = createPsiProfile({
      table: { sound: column, strange: column },
      space: "flights",
      name: "bins",
      uid: randomUUID(),
      scouterVersion: "0.1.0",
      timestamp: time,
    });
    const uid = await uidOf("Psi", JSON.parse(JSON.stringify(profile)) as JsonObject);
    const bins = Array.from({ length: 10 }, (_, i) => i + 1);
    const { body } = await send([
      ...bins.flatMap((id) => [psi(uid, "sound", id, 40), psi(uid, "strange", id, 40)]),
      psi(uid, "strange", 77, 5),
    ]);
    expect(body["accepted"]).toBe(21);
    const { status, result } = await computedWindow(uid);
    expect(status).toBe("done");
    expect(result?.features).toMatchObject([
      { name: "sound", status: "ok", rows: 400 },
      {
        name: "strange",
        status: "error",
        message: "observations of 'strange': bin 77 has 5 rows, but the profile has no such bin",
      },
    ]);
  });
});

describe("a poisoned window", () => {
  /** Stored past the checks, as an older version may have done. */
  async function storedProfile(name: string, sampleSize: number): Promise<string> {
    const profile = withAt(named("Custom", name), "config.sample_size", sampleSize);
    const { uid } = await system.database.profiles.register({
      space: "flights",
      name,
      driftType: "Custom",
      profile,
      versionRequest: { version_type: "Minor" },
      active: true,
      deactivateOthers: false,
    });
    return uid;
  }

  /** Attempts before the last one, without their pauses. */
  async function failNineTimes(): Promise<void> {
    const { driftWindows } = system.database;
    for (let attempt = 1; attempt <= 9; attempt += 1) {
      const request = { workerId: "earlier", limit: 1, leaseMs: 60_000 };
      const [claimed] = await driftWindows.claim(request);
      expect(claimed?.attempt).toBe(attempt);
      await driftWindows.fail(claimed!.claim, { error: "earlier", retryInMs: 0 });
    }
  }

  const rerun = (id: number) => system.call("POST", `/scouter/v2/drift/windows/${id}/rerun`);

  it("is given up with its reason, mended, run again, and has its result once", async () => {
    const uid = await storedProfile("poisoned", 0);
    await send([custom(uid, "mae", 9), custom(uid, "mae", 11)]);
    await planWindow(system.database, uid);
    await failNineTimes();
    const sound = await uidOf("Custom", named("Custom", "beside"));
    await send([custom(sound, "mae", 2)]);
    await planWindow(system.database, sound);
    const ends = await runWorkers(system.database, 2);
    expect(ends.toSorted()).toEqual([`${sound} computed`, `${uid} given up`].toSorted());

    const dead = await system.call("GET", `/scouter/v2/drift/windows?uid=${uid}&status=failed`);
    const [window] = dead.body["items"] as DriftWindow[];
    expect(window).toMatchObject({ status: "failed", attempts: 10, result: null });
    expect(window?.last_error).toMatch(
      /^SERVER_DRIFT_PROFILE_UNREADABLE: .*'config\.sample_size': Too small/,
    );

    const id = window?.id ?? -1;
    const mended = withAt(named("Custom", "poisoned"), "config.uid", uid);
    const put = await system.call("PUT", "/scouter/profile", {
      space: "flights",
      drift_type: "Custom",
      profile: JSON.stringify(mended),
    });
    expect(put.status).toBe(200);
    const asked = await Promise.all([1, 2, 3, 4, 5].map(() => rerun(id)));
    const statuses = asked.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, 409, 409, 409, 409]);

    expect(await runWorkers(system.database, 1)).toEqual([`${uid} computed`]);
    expect(await lastWindow(uid)).toMatchObject({
      id,
      status: "done",
      attempts: 0,
      last_error: null,
      revised: 0,
      observed: 2,
      result: { features: [{ name: "mae", status: "alert", observed: 10 }] },
    });
    expect(await system.database.alerts.counts(uid)).toEqual({ active: 1, total: 1 });
    expect(await system.database.alertOutbox.list({ profileUid: uid, limit: 9 })).toHaveLength(1);
    const again = await rerun(id);
    expect([again.status, again.body]).toMatchObject([
      409,
      { code: "SERVER_DRIFT_WINDOW_NOT_FAILED", suggested_action: expect.any(String) },
    ]);
    expect((await rerun(99_999_999)).status).toBe(404);
  });
});
