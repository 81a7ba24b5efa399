import type { DriftWindow } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import {
  alert,
  driftFeatures,
  driftSummary,
  modelReport,
  psiOf,
  storedDrift,
  window,
} from "../../test/model-run.ts";
import { checkDrift, type CheckedDrift } from "./check-drift.ts";
import { describeCheck } from "./check-run.ts";
import { driftFigures } from "./drift-figures.ts";

function run(changes: Partial<CheckedDrift> = {}): CheckedDrift {
  const stored = changes.stored ?? storedDrift;
  return {
    report: modelReport,
    stored,
    figures: driftFigures(stored),
    before: driftSummary(10),
    after: driftSummary(13),
    ...changes,
  };
}

function brokenChecks(changes: Partial<CheckedDrift> = {}): readonly string[] {
  return checkDrift(run(changes))
    .filter((check) => !check.holds)
    .map(describeCheck);
}

const { psi, spc, custom } = storedDrift;
const [psiWindow] = psi.windows as readonly [DriftWindow];

function withPsi(windows: readonly DriftWindow[], alerts = psi.alerts) {
  return { stored: { ...storedDrift, psi: { windows, alerts } } };
}

describe("driftFigures", () => {
  it("names what drifted, what did not, and what each alert found", () => {
    expect(driftFigures(storedDrift)).toEqual({
      drifted: [
        { by: "psi", name: "heat" },
        { by: "spc", name: "heat" },
      ],
      stable: [
        { by: "psi", name: "wind" },
        { by: "custom", name: "mae" },
      ],
      alerts: [
        { by: "psi", name: "heat", found: "psi 0.5000, threshold 0.1000" },
        { by: "spc", name: "heat", found: "Consecutive in Zone1" },
        { by: "spc", name: "heat", found: "Consecutive in Zone2" },
      ],
    });
  });
});

describe("checkDrift", () => {
  it("holds for a run that the server holds whole, beside runs of earlier versions", () => {
    expect(brokenChecks()).toEqual([]);
  });

  it("holds when alerts of earlier versions came meanwhile", () => {
    expect(brokenChecks({ after: driftSummary(15) })).toEqual([]);
  });

  it("holds when the sending fell into two windows, one of them too small to say something", () => {
    const first = window(0, [
      { name: "heat", status: "insufficient-data", have: 50, need: 101 },
      { name: "wind", status: "ok", rows: 50 },
    ]);
    const second = window(1, [
      { name: "heat", status: "alert", rows: 150 },
      { name: "wind", status: "ok", rows: 150 },
    ]);
    expect(brokenChecks(withPsi([first, second]))).toEqual([]);
  });

  it("expects a second alert when a feature was well between, and one alert when nothing was measured", () => {
    const heat = (slot: number, status: "alert" | "ok" | "no-data", rows: number) =>
      window(slot, [
        { name: "heat", status, rows },
        { name: "wind", status: status === "no-data" ? status : "ok", rows },
      ]);
    const silentBetween = [heat(0, "alert", 100), heat(1, "no-data", 0), heat(2, "alert", 100)];
    const wellBetween = [heat(0, "alert", 100), heat(1, "ok", 50), heat(2, "alert", 50)];
    const again = [...psi.alerts, alert(9, "heat", psiOf("heat"))];
    expect(brokenChecks(withPsi(silentBetween))).toEqual([]);
    expect(brokenChecks(withPsi(wellBetween))).toEqual([
      "alerts by distribution: expected heat, heat, found heat",
    ]);
    expect(brokenChecks({ ...withPsi(wellBetween, again), after: driftSummary(14) })).toEqual([]);
  });

  it.each<[string, Partial<CheckedDrift>, readonly string[]]>([
    [
      "requests that count twice",
      withPsi([psiWindow, window(2, [{ name: "wind", status: "ok", rows: 200 }])]),
      [
        "observations of wind (distribution): expected 200, found 400",
        "drifted features in the summary: expected heat (control chart), found heat (control chart), heat (distribution)",
      ],
    ],
    [
      "a sample that is missing",
      { report: { ...modelReport, samples: 9 } },
      [
        "observations of heat (control chart): expected 9, found 8",
        "observations of mae (metric): expected 9, found 8",
      ],
    ],
    [
      "a feature that nothing watches",
      { report: { ...modelReport, features: ["heat", "rain", "wind"] } },
      ["features watched: expected heat, rain, wind, found heat, wind"],
    ],
    [
      "a feature that could not be checked",
      withPsi([psiWindow, window(2, [{ name: "wind", status: "error", message: "broken" }])]),
      ["features that could not be checked: expected none, found wind"],
    ],
    [
      "an alert that was not stored",
      withPsi(psi.windows, []),
      ["alerts by distribution: expected heat, found none"],
    ],
    [
      "an alert that no window explains",
      withPsi(psi.windows, [...psi.alerts, alert(8, "wind", psiOf("wind"))]),
      [
        "alerts by distribution: expected heat, found heat, wind",
        "alerts that the summary gained: expected 4 at least, found 3",
      ],
    ],
    [
      "an alert of another control zone",
      { stored: { ...storedDrift, spc: { ...spc, alerts: spc.alerts.slice(1) } } },
      [
        "alerts by control chart: expected heat/Consecutive Zone1, heat/Consecutive Zone2, found heat/Consecutive Zone2",
      ],
    ],
    [
      "a summary that counts too few alerts",
      { after: driftSummary(12) },
      ["alerts that the summary gained: expected 3 at least, found 2"],
    ],
    [
      "a summary without a drifted feature",
      { after: driftSummary(13, { ...driftFeatures, drifted: driftFeatures.drifted.slice(2) }) },
      [
        "drifted features in the summary: expected heat (control chart), heat (distribution), found heat (control chart)",
      ],
    ],
    [
      "a summary without stable features",
      { after: driftSummary(13, { ...driftFeatures, stable: [] }) },
      ["stable features in the summary: expected mae (metric), wind (distribution), found none"],
    ],
  ])("finds %s, and only that", (_, changes, messages) => {
    expect(brokenChecks(changes)).toEqual(messages);
  });

  it("does not take a run without drift, or without stable features, for a sign of work", () => {
    const well = [
      window(
        1,
        [...modelReport.features].map((name) => ({ name, status: "ok" as const, rows: 200 })),
      ),
    ];
    const quietChart = [window(1, [{ name: "heat", status: "ok", points: 8, alerts: [] }])];
    const stored = {
      psi: { windows: well, alerts: [] },
      spc: { windows: quietChart, alerts: [] },
      custom,
    };
    const calm = brokenChecks({ stored });
    expect(calm).toContain("features drifted: expected 1 at least, found 0");
    expect(calm).toContain("alerts fired: expected 1 at least, found 0");
    const none = { windows: [], alerts: [] };
    expect(brokenChecks({ stored: { psi: none, spc: none, custom: none } })).toContain(
      "features stable: expected 1 at least, found 0",
    );
  });
});
