import type { DriftProfileRow } from "@scouter/database";
import { describe, expect, it } from "vitest";
import { driftProfileOf } from "./drift-profile.ts";

const NOW_MS = Date.parse("2026-03-01T10:30:00Z");
const ROW: DriftProfileRow = {
  reference: { uid: "u", space: "s", name: "n", version: "0.1.0", kind: "Custom" },
  active: true,
  createdAt: "2026-01-01T00:00:00.000000Z",
  profile: { config: { alert_config: { schedule: "0 0 * * * *" } } },
  scheduleError: null,
  plannedThrough: "2026-03-01T10:00:00.000000Z",
  lastWindow: null,
  lastMeasured: null,
  openAlerts: 0,
  windowsDone: 0,
  windowsAlerting: 0,
  windowsFailed: 0,
};
const windowWith = (status: "done" | "failed", features: object | null) => ({
  lastWindow: { id: 1, windowEnd: "2026-03-01T10:00:00.000000Z", status, features },
});

describe("driftProfileOf", () => {
  it.each([
    ["no window", {}, "pending"],
    ["a failed window", windowWith("failed", null), "failed"],
    ["a window without features", windowWith("done", null), "no_data"],
    ["alert before error", windowWith("done", { ok: 3, error: 1, alert: 1 }), "alert"],
    [
      "error before little data",
      windowWith("done", { error: 1, "insufficient-data": 1 }),
      "failed",
    ],
    [
      "little before none",
      windowWith("done", { "no-data": 1, "insufficient-data": 1 }),
      "too_few_samples",
    ],
    ["all well", windowWith("done", { ok: 3 }), "ok"],
  ])("takes the worst status of %s", (_name, overrides, worst) => {
    expect(driftProfileOf({ ...ROW, ...overrides }, NOW_MS).worst_status).toBe(worst);
  });

  it.each([
    ["the next slot", {}, "2026-03-01T11:00:00.000Z"],
    ["none of an inactive profile", { active: false }, null],
    ["none of a schedule that cannot be read", { scheduleError: "bad" }, null],
    [
      "none of one that nobody read yet",
      { profile: { config: { alert_config: { schedule: "?" } } } },
      null,
    ],
    ["midnight without a schedule", { profile: {} }, "2026-03-02T00:00:00.000Z"],
    ["a slot not planned yet", { plannedThrough: null }, "2026-03-01T11:00:00.000Z"],
  ])("ends the next window at %s", (_name, overrides, end) => {
    expect(driftProfileOf({ ...ROW, ...overrides }, NOW_MS).next_window_end).toBe(end);
  });
});
