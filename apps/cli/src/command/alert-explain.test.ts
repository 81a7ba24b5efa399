import { describe, expect, it } from "vitest";
import { useFakeApi } from "../../test/fake-api.ts";

const api = useFakeApi();
const ROUTE = "GET /scouter/v2/alerts/3/explanation";

const bin = { reference_only: null, current_count: 700, current: 0.7, direction: "more" };
const explanation = {
  alert_id: 3,
  sentences: ["The PSI of 'delay' was 0.5, against a limit of 0.1."],
  distribution: {
    profile: { uid: "u", space: "flights", name: "delays", version: "1.0.0", kind: "Psi" },
    window_id: 8,
    window_start: "2026-01-01T00:00:00Z",
    window_end: "2026-01-01T01:00:00Z",
  },
  carriers: [
    { ...bin, id: 1, label: "up to 5", reference: 0.1, psi_term: 0.45, share_of_psi: 0.9 },
  ],
  reference_size: 10_000,
  window_size: 1000,
  neighbours: [
    {
      window_id: 8,
      window_end: "2026-01-01T01:00:00Z",
      status: "alert",
      value: 0.5,
      threshold: 0.1,
      sample_size: 1000,
    },
  ],
};

describe("scouter alert explain", () => {
  it("tells in sentences, bins and windows", async () => {
    api.replies = { [ROUTE]: explanation };
    const { code, out, err } = await api.run("alert", "explain", "3");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("alert 3: flights/delays/1.0.0, window 2026-01-01T00:00:00Z to");
    expect(out).toContain("The PSI of 'delay' was 0.5, against a limit of 0.1.");
    expect(out).toMatch(/up to 5 +10\.0 % +70\.0 % +700 +0\.450 +90\.0 %/);
    expect(out).toMatch(/8 \* +2026-01-01 01:00:00 +alert +0\.5000 +0\.1000 +1000/);
  });

  it("gives the reply as it came with --json, and refuses what is no id", async () => {
    api.replies = { [ROUTE]: explanation };
    const { out } = await api.run("alert", "explain", "3", "--window", "newest", "--json");
    expect(JSON.parse(out)).toEqual(explanation);
    expect((await api.run("alert", "explain", "three")).code).toBe(2);
    expect((await api.run("alert", "explain", "3", "--window", "middle")).code).toBe(2);
  });
});
