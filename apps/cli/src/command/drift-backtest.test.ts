import { describe, expect, it } from "vitest";
import { profile, useFakeApi } from "../../test/fake-api.ts";

const api = useFakeApi();
const { run } = api;
const ROUTE = "POST /scouter/v2/drift/backtest";

const quiet = {
  schedule: "0 0 0 * * *",
  windows: 30,
  windows_with_data: 28,
  windows_alarming: 0,
  expected_false_alarms_month: null,
  opened: [],
};
const alert = { Psi: { feature: "delay", drift: 0.4, threshold: 0.1 } };
const loud = {
  ...quiet,
  windows_alarming: 3,
  expected_false_alarms_month: 1.5219,
  opened: [{ window_end: "2026-01-09T00:00:00.000Z", name: "delay", told: true, alert }],
};
const range = { from: "2026-01-01T00:00:00.000Z", to: "2026-01-31T00:00:00.000Z" };

describe("scouter drift backtest", () => {
  it("proposes what the options say, and prints when it would have fired", async () => {
    api.replies = {
      "GET /scouter/v2/profiles": { items: [profile], next_cursor: null },
      [ROUTE]: { uid: profile.uid, ...range, current: quiet, proposed: loud },
    };
    const words = ["--alpha", "0.01", "--persistence", "2/3", "--min-effect", "0.2", "--days", "7"];
    const { code, out, err } = await run(
      "drift",
      "backtest",
      "--profile",
      "shop/answers",
      ...words,
    );
    expect([code, err]).toEqual([0, ""]);
    expect(api.received.get(ROUTE)).toEqual({
      uid: profile.uid,
      days: 7,
      alert_config: {
        threshold: { ChiSquare: { alpha: 0.01 } },
        persistence: { hits: 2, of: 3 },
        min_effect: 0.2,
      },
    });
    expect(out).toMatch(/\nproposed +0 0 0 \* \* \* +30 +28 +3 +1 +1 +<= 1\.52\n/);
    expect(out).toMatch(/\n2026-01-09 00:00:00 +delay +yes +\{"Psi"/);
    const json = await run("drift", "backtest", "--profile", "shop/answers", "--json");
    expect(JSON.parse(json.out)).toMatchObject({ proposed: loud });
  });

  it.each([
    ["a persistence that is none", ["--persistence", "2"], "option --persistence is '2'"],
    ["a file that is missing", ["--config", "none.json"], "cannot read"],
    ["too many days", ["--days", "400"], "a whole number from 1 to 366"],
  ])("refuses %s with exit code 2", async (_, words, message) => {
    const { code, err } = await run("drift", "backtest", "--profile", "p", ...words);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
