import type { AttentionItem } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { placeOf, worstFirst } from "./attention.ts";

const nothing = { alert_id: null, window_id: null, record_uid: null };
const item = (overrides: Partial<AttentionItem>): AttentionItem => ({
  kind: "alert",
  severity: "warning",
  since: null,
  profile: { uid: "u", space: "s", name: "n", version: "0.1.0", kind: "Psi" },
  text: "",
  count: 1,
  target: nothing,
  ...overrides,
});
const agent = { uid: "a", space: "s", name: "n", version: "0.1.0", kind: "Agent" } as const;

describe("placeOf", () => {
  it.each<[Partial<AttentionItem>, string, object]>([
    [{ target: { ...nothing, alert_id: 7, window_id: 2 } }, "/alerts/7", {}],
    [{}, "/alerts", { profile: "u" }],
    [{ kind: "undelivered-alerts" }, "/alerts", { profile: "u" }],
    [{ kind: "failed-windows", target: { ...nothing, window_id: 5 } }, "/drift/u", { window: "5" }],
    [{ kind: "failed-windows" }, "/drift/u", {}],
    [{ kind: "dead-records", profile: agent }, "/evaluations/a", { status: "Failed" }],
    [
      { kind: "dead-records", profile: agent, target: { ...nothing, record_uid: "r/1" } },
      "/evaluations/a/records/r%2F1",
      {},
    ],
    [{ kind: "schedule-error" }, "/drift", { kind: "Psi" }],
    [{ kind: "no-data" }, "/drift/u", {}],
    [{ kind: "no-data", profile: agent }, "/evaluations/a", {}],
  ])("%o", (overrides, path, search) => {
    expect(placeOf(item(overrides))).toEqual({ path, search });
  });
});

it("lists the worst first and leaves the rest in order", () => {
  const items = (["info", "warning", "critical", "warning"] as const).map((severity, at) =>
    item({ severity, count: at }),
  );
  expect(worstFirst(items).map(({ count }) => count)).toEqual([2, 1, 3, 0]);
});
