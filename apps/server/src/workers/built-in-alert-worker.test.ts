import type { AmissProfile, BuiltInAlertChange, Database } from "@scouter/database";
import { alertMessage, messageText, messageTitle } from "@scouter/alerts";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { expect, it } from "vitest";
import { type BuiltInRule, builtInRules } from "../alerts/built-in/built-in-rule.ts";
import { BuiltInAlertWorker } from "./built-in-alert-worker.ts";

const CONSOLE = { Console: { enabled: true } };
const PAGER = { PagerDuty: { severity: "warning" as const } };

const silent: AmissProfile = {
  uid: "u1",
  space: "ml",
  name: "delays",
  version: "1.0.0",
  driftType: "Psi",
  count: 3,
  error: null,
};

/** A store of open alerts, and the rules that `amiss` answers for. */
function system(dispatch: object = CONSOLE, holdsLease = true) {
  const open = new Map<string, BuiltInAlertChange>();
  const told: BuiltInAlertChange[] = [];
  const failed: string[] = [];
  const amiss = new Map<string, readonly AmissProfile[] | Error>();
  const rule = (name: string): BuiltInRule => ({
    name,
    amiss: async () => {
      const answer = amiss.get(name) ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    },
    text: ({ count }) => `${count} of ${name}`,
  });
  const worker = new BuiltInAlertWorker({
    database: {
      leases: { acquire: async () => holdsLease } as unknown as Database["leases"],
      builtInAlerts: {
        open: async () =>
          [...open.values()].map(({ rule: name, openedAtMs }) => ({
            rule: name,
            openedAtMs,
            profile: silent,
          })),
        settle: async (changes: readonly BuiltInAlertChange[]) => {
          for (const change of changes) {
            told.push(change);
            if (change.action === "opened") open.set(change.rule, change);
            else open.delete(change.rule);
          }
          return changes.length;
        },
      } as unknown as Database["builtInAlerts"],
    },
    rules: [rule("no-data"), rule("failed-windows")],
    clock: new ManualClock(),
    nowMs: async () => 60_000.7,
    dispatch: dispatch as typeof CONSOLE,
    holder: "test",
    events: {
      onChanged: () => undefined,
      onRuleFailed: (name) => failed.push(name),
      onTrouble: () => undefined,
    },
  });
  return { worker, amiss, open, told, failed };
}

it("opens an alert once, with its message to the server's own channel, and ends it", async () => {
  const { worker, amiss, told } = system();
  amiss.set("no-data", [silent]);
  await worker.runOnce();
  await worker.runOnce();
  expect(told).toHaveLength(1);
  const message = alertMessage.parse(told[0]?.message?.message);
  expect(message).toMatchObject({ built_in: "no-data", dispatch_config: CONSOLE });
  expect(messageTitle(message)).toBe("Built-in alert no-data opened for ml/delays/1.0.0");
  expect(messageText(message, "console")).toBe("3 of no-data");
  expect(told[0]?.message?.dedupKey).toBe("u1/1970-01-01T00:01:00.000Z/built-in/trigger/no-data");
  amiss.set("no-data", []);
  await worker.runOnce();
  expect(told[1]).toMatchObject({ action: "resolved", openedAtMs: 60_000, message: undefined });
});

it("tells the end where a channel keeps incidents, of the same incident", async () => {
  const { worker, amiss, told } = system(PAGER);
  amiss.set("no-data", [silent]);
  await worker.runOnce();
  amiss.delete("no-data");
  await worker.runOnce();
  const [opened, ended] = told.map(({ message }) => alertMessage.parse(message?.message));
  expect(ended).toMatchObject({ event: "resolve", incident_key: opened?.incident_key });
  expect(messageTitle(ended!)).toBe("Built-in alert no-data resolved for ml/delays/1.0.0");
  expect(messageText(ended!, "console")).toBe("'no-data' is as it should be");
});

it("leaves an alert open whose rule cannot be looked at, and looks at the others", async () => {
  const { worker, amiss, open, failed } = system();
  amiss.set("no-data", [silent]);
  await worker.runOnce();
  amiss.set("no-data", new Error("away"));
  amiss.set("failed-windows", [silent]);
  await worker.runOnce();
  expect([...open.keys()]).toEqual(["no-data", "failed-windows"]);
  expect(failed).toEqual(["no-data"]);
});

it("ends alerts of a rule that does not exist any more", async () => {
  const { worker, open } = system();
  open.set("old-rule", { rule: "old-rule", openedAtMs: 1 } as BuiltInAlertChange);
  await worker.runOnce();
  expect([...open.keys()]).toEqual([]);
});

it("looks at nothing while another process has the lease", async () => {
  const { worker, amiss, told } = system(CONSOLE, false);
  amiss.set("no-data", [silent]);
  await worker.runOnce();
  expect(told).toEqual([]);
});

it("has rules with names of their own, and texts that say the count or the reason", () => {
  const rules = builtInRules({ builtInAlerts: {} as Database["builtInAlerts"] });
  const names = rules.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, text } of rules) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(text({ ...silent, error: "because" })).toMatch(/3|because/);
  }
});
