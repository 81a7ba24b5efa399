import { type AlertMessage, alertMessage } from "@scouter/alerts";
import type { DispatchConfig, DriftType, JsonObject } from "@scouter/contracts";
import type { ClaimedWindow } from "@scouter/database";
import type { AlertRow } from "@scouter/drift";
import { describe, expect, it } from "vitest";
import { alertMessages } from "./alert-messages.ts";

const rows = ["a", "b"].map((name): AlertRow => ({
  key: name,
  entityName: name,
  alert: { Psi: { feature: name, drift: 0.5, threshold: 0.1 } },
}));
const over: AlertRow = { key: "c", entityName: "c", alert: "None" };
const all = { opened: rows, ended: [over] };
const END = "2026-01-01T00:00:00.000Z";

function windowOf(driftType: DriftType, dispatch?: DispatchConfig): ClaimedWindow {
  const config = { alert_config: dispatch === undefined ? {} : { dispatch_config: dispatch } };
  const profile = { config } as unknown as JsonObject;
  return {
    claim: { windowId: 7, fencing: 1 },
    startMs: 0,
    endMs: Date.parse(END),
    revised: 0,
    attempt: 1,
    settled: true,
    profile: { uid: "u", space: "s", name: "n", version: "1.0.0", driftType, profile },
  };
}

describe("alertMessages", () => {
  const told = (window: ClaimedWindow, standard?: DispatchConfig) =>
    alertMessages(window, all, standard).map(({ dedupKey, message }) => ({
      dedupKey,
      message: alertMessage.parse(message),
    }));
  const names = ({ alerts }: AlertMessage) => alerts.map(({ entity_name: name }) => name).join();

  it("is one for all features, which nobody hears the end of", () => {
    const messages = told(windowOf("Psi"));
    expect(messages.map(({ dedupKey, message }) => [dedupKey, names(message)])).toEqual([
      [`u/${END}/0`, "a,b"],
    ]);
    expect(messages[0]?.message).toMatchObject({
      event: "trigger",
      window_id: 7,
      window_end: END,
      dispatch_config: { Console: { enabled: true } },
    });
    expect(messages[0]?.message.incident_key).toBeUndefined();
  });

  it("is none for a console that is switched off, wherever the others go", () => {
    const off = windowOf("Psi", { Console: { enabled: false } });
    expect(told(off)).toEqual([]);
    expect(told(off, { PagerDuty: {} })).toEqual([]);
  });

  it("is one for each metric", () => {
    expect(told(windowOf("Custom")).map(({ dedupKey }) => dedupKey)).toEqual([
      `u/${END}/0/a`,
      `u/${END}/0/b`,
    ]);
  });

  it.each<DispatchConfig>([{ PagerDuty: {} }, { Alertmanager: {} }])(
    "is one for each incident of %j, from its opening to its end",
    (dispatch) => {
      const messages = told(windowOf("Psi", dispatch)).map(({ dedupKey, message }) => [
        dedupKey,
        message.event,
        message.incident_key,
        names(message),
      ]);
      expect(messages).toEqual([
        [`u/${END}/0/resolve/c`, "resolve", "u/c", "c"],
        [`u/${END}/0/trigger/a`, "trigger", "u/a", "a"],
        [`u/${END}/0/trigger/b`, "trigger", "u/b", "b"],
      ]);
    },
  );

  it("goes where the server says when the profile names the console, else where the profile says", () => {
    const standard = { Slack: { channel: "#ml" } };
    const own = { OpsGenie: { team: "t", priority: "P1" } };
    const target = (dispatch?: DispatchConfig) =>
      told(windowOf("Psi", dispatch), standard)[0]?.message.dispatch_config;
    expect(target()).toEqual(standard);
    expect(target({ Console: { enabled: true } })).toEqual(standard);
    expect(target(own)).toEqual(own);
  });

  it("is nothing when there is nothing to tell", () => {
    expect(alertMessages(windowOf("Psi"), { opened: [], ended: [over] })).toEqual([]);
    expect(alertMessages(windowOf("Spc", { PagerDuty: {} }), { opened: [], ended: [] })).toEqual(
      [],
    );
  });

  it("reads what an older version stored", () => {
    const [{ message } = { message: {} }] = alertMessages(windowOf("Psi"), all);
    const { event: _, window_id: __, ...old } = message as AlertMessage;
    expect(alertMessage.parse(old)).toMatchObject({ event: "trigger", profile_uid: "u" });
  });
});
