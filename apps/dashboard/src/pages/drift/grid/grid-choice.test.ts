import type { CellStatus, DriftGrid, GridRow } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { choiceOf, standingLine } from "./grid-choice.ts";

const cell = (status: CellStatus | undefined) =>
  status === undefined
    ? null
    : { status, value: null, threshold: null, sample_size: null, needed: null, rules: [] };
const row = (name: string, ...statuses: (CellStatus | undefined)[]): GridRow => ({
  name,
  alerts: 0,
  cells: statuses.map(cell),
});
const gridOf = (...features: GridRow[]): DriftGrid => ({
  start: "2026-01-01T00:00:00Z",
  end: "2026-01-02T00:00:00Z",
  profile: { uid: "u", space: "s", name: "n", version: "0.1.0", kind: "Psi" },
  windows: (features[0]?.cells ?? []).map((_, at) => ({
    id: at + 1,
    window_start: "2026-01-01T00:00:00Z",
    window_end: "2026-01-01T01:00:00Z",
    status: "done",
    alerting: false,
    revised: 0,
    skipped_windows: 0,
    last_error: null,
  })),
  windows_truncated: false,
  features,
  features_total: features.length,
  expected_false_alarms_month: null,
});
const nothing = { feature: undefined, window: undefined };

describe("choiceOf", () => {
  const grid = gridOf(row("a", "ok", "ok", "no_data"), row("b", "ok", "alert", "no_data"));

  it("looks at the newest window with figures, and what alerted in it", () => {
    expect(choiceOf(grid, nothing)).toEqual({ windowId: "2", feature: "b" });
  });

  it("follows the address, also to what is not shown", () => {
    expect(choiceOf(grid, { feature: "a", window: "77" })).toEqual({
      windowId: "77",
      feature: "a",
    });
    expect(choiceOf(grid, { ...nothing, window: "1" })).toEqual({ windowId: "1", feature: "a" });
  });

  it("takes the newest window when none has figures, and none when there is none", () => {
    expect(choiceOf(gridOf(row("a", "no_data", "failed")), nothing).windowId).toBe("2");
    expect(choiceOf(gridOf(), nothing)).toEqual({ windowId: undefined, feature: undefined });
  });
});

describe("standingLine", () => {
  it.each([
    [["alert", "ok", "ok"], "1 of 3 features drifted"],
    [["alert"], "1 of 1 feature drifted"],
    [["ok", undefined, "no_data"], "0 of 2 features drifted, 1 without data"],
    [["failed", "too_few_samples"], "0 of 2 features drifted, 1 with too few samples, 1 failed"],
  ] as const)("says of %j: %s", (statuses, line) => {
    expect(
      standingLine(
        statuses.map((status) => row("x", status)),
        0,
      ),
    ).toBe(line);
  });
});
