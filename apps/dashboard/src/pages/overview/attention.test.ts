import { describe, expect, it } from "vitest";
import type { EvaluatedProfile, Summary } from "../../api/summary.ts";
import { attentionItems } from "./attention.ts";

const profile = (name: string, failed: number): EvaluatedProfile => ({
  uid: `uid of ${name}`,
  space: `space of ${name}`,
  name,
  version: "0.1.0",
  drift_type: "Agent",
  active: true,
  created_at: "2026-01-01T00:00:00Z",
  records_evaluated: 10,
  tasks: { passed: 10 - failed, failed, errored: 0, skipped: 0 },
  pass_rate: (10 - failed) / 10,
});

const calm: Summary = {
  spans: 1,
  traces: 1,
  error_spans: 0,
  records: { pending: 3, processing: 1, processed: 5, failed: 0 },
  tasks: { passed: 10, failed: 0, errored: 0, skipped: 4 },
  pass_rate: 1,
  alerts: { active: 0, total: 7 },
  windows: { due: 1, running: 1, done: 9, failed: 0, skipped: 2 },
  features: { drifted: [], stable: [{ profile_uid: "uid of a", name: "wind" }] },
  profiles: [profile("a", 0)],
};

describe("attentionItems", () => {
  it("is empty when all is well", () => {
    expect(attentionItems(calm, undefined)).toEqual([]);
  });

  it("names what is not, worst first, with the page that shows it", () => {
    const troubled: Summary = {
      ...calm,
      alerts: { active: 1, total: 7 },
      records: { ...calm.records, failed: 2 },
      windows: { ...calm.windows, failed: 1 },
      features: { drifted: [{ profile_uid: "uid of a", name: "wind" }], stable: [] },
      profiles: [profile("a", 3), profile("b", 1)],
    };
    expect(attentionItems(troubled, undefined).map(({ text, path }) => `${path}: ${text}`)).toEqual(
      [
        "/alerts: 1 alert to be looked at",
        "/drift/uid of a: 1 feature of space of a/a drifted in the newest window: wind",
        "/evaluations: 2 records could not be evaluated",
        "/drift: 1 drift window could not be computed",
        "/evaluations/uid of a: 3 tasks of space of a/a not passed, pass rate 70 %",
        "/evaluations/uid of b: 1 task of space of b/b not passed, pass rate 90 %",
      ],
    );
    const ofB = attentionItems(
      { ...troubled, alerts: calm.alerts, records: calm.records, windows: calm.windows },
      "space of b",
    );
    expect(ofB.map(({ key }) => key)).toEqual(["tasks uid of b"]);
  });
});
