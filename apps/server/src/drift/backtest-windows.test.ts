import type { JsonObject } from "@scouter/contracts";
import { createPsiProfile, type PsiAlertSettings } from "@scouter/drift";
import { describe, expect, it } from "vitest";
import { backtestWindows, falseAlarmsAMonth } from "./backtest-windows.ts";
import type { TimeWindow, WindowData } from "./window-data.ts";

const HOUR_MS = 3_600_000;
const DAY = { startMs: Date.UTC(2026, 0, 1), endMs: Date.UTC(2026, 0, 2) };
const uid = "0194f0c3-7c5e-7000-8000-000000000000";

function profileOf(alert: PsiAlertSettings): JsonObject {
  const { profile } = createPsiProfile({
    uid,
    timestamp: "2026-01-01T00:00:00Z",
    scouterVersion: "0.1.0",
    table: { delay: Array.from({ length: 2000 }, (_, i) => i % 100) },
    alert: { schedule: "0 0 * * * *", ...alert },
  });
  return profile as unknown as JsonObject;
}

/** In hours 3 to 5 and 9 everything is in the first bin; from hour 20 on nothing is observed. */
const DRIFTED = new Set([3, 4, 5, 9]);
const even = new Map(Array.from({ length: 10 }, (_, i) => [i + 1, 20]));
const asked: TimeWindow[] = [];
const data = {
  psiBinCounts(_: string, { startMs, endMs }: TimeWindow) {
    asked.push({ startMs, endMs });
    const counts = new Map<number, number>();
    for (let ms = startMs + HOUR_MS; ms <= endMs; ms += HOUR_MS) {
      const hour = (ms - DAY.startMs) / HOUR_MS;
      if (hour >= 20) continue;
      for (const [id, count] of DRIFTED.has(hour) ? new Map([[1, 200]]) : even) {
        counts.set(id, (counts.get(id) ?? 0) + count);
      }
    }
    return Promise.resolve(counts.size === 0 ? new Map() : new Map([["delay", counts]]));
  },
} as unknown as WindowData;

const run = (alert: PsiAlertSettings, range = DAY) =>
  backtestWindows({ uid, driftType: "Psi", profile: profileOf(alert) }, range, data);

describe("a backtest", () => {
  it("computes every window of the schedule once, and says when alerts would have opened", async () => {
    asked.length = 0;
    const found = await run({});
    expect(found).toMatchObject({
      schedule: "0 0 * * * *",
      windows: 24,
      windows_with_data: 19,
      windows_alarming: 4,
    });
    expect(found.opened).toMatchObject([
      { window_end: "2026-01-01T03:00:00.000Z", name: "delay", told: true, alert: { Psi: {} } },
      { window_end: "2026-01-01T09:00:00.000Z", name: "delay", told: true },
    ]);
    expect(asked).toHaveLength(24);
    expect(asked.every(({ startMs, endMs }) => endMs - startMs === HOUR_MS)).toBe(true);
  });

  it.each<[string, PsiAlertSettings, readonly (readonly [number, boolean])[]]>([
    ["two of two windows must alarm", { persistence: { hits: 2, of: 2 } }, [[4, true]]],
    [
      "nobody is told again within a day",
      { cool_down_seconds: 86_400 },
      [
        [3, true],
        [9, false],
      ],
    ],
    ["the index has to be out of reach", { min_effect: 50 }, []],
    [
      "silence alerts too",
      { no_data: "alert" },
      [
        [3, true],
        [9, true],
        [20, true],
      ],
    ],
  ])("tells what changes when %s", async (_, alert, expected) => {
    const { opened } = await run(alert);
    const hours = opened.map(({ window_end, told }) => [
      (Date.parse(window_end) - DAY.startMs) / HOUR_MS,
      told,
    ]);
    expect(hours).toEqual(expected);
  });

  it("adds up what a coarser schedule puts together", async () => {
    const found = await run({ schedule: "0 0 0,12 * * *" });
    expect(found).toMatchObject({ windows: 2, windows_with_data: 2, windows_alarming: 1 });
    expect(found.opened[0]?.window_end).toBe("2026-01-01T12:00:00.000Z");
  });

  it("refuses more windows than anybody waits for", async () => {
    await expect(run({ schedule: "* * * * * *" })).rejects.toMatchObject({
      code: "SERVER_BACKTEST_TOO_LONG",
    });
  });
});

it("promises a rate for calibrated profiles alone", () => {
  expect(falseAlarmsAMonth("Psi", profileOf({}), DAY.startMs)).toBeCloseTo(0.05 * 24 * 30.4375, 1);
  expect(falseAlarmsAMonth("Psi", profileOf({ form: "reference" }), DAY.startMs)).toBeNull();
  expect(falseAlarmsAMonth("Psi", {}, DAY.startMs)).toBeNull();
  expect(falseAlarmsAMonth("Spc", profileOf({}), DAY.startMs)).toBeNull();
});
