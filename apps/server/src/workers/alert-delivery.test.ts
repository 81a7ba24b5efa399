import {
  type AlertChannel,
  AlertChannels,
  type AlertMessage,
  consoleChannel,
} from "@scouter/alerts";
import { ScouterError } from "@scouter/contracts";
import type { ClaimedMessage, Database, DeliveryFailure } from "@scouter/database";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { beforeEach, describe, expect, it } from "vitest";
import { makeLogger } from "../log/make-logger.ts";
import { AlertDelivery, deliveryRetryMs } from "./alert-delivery.ts";

let clock: ManualClock;
let due: ClaimedMessage[];
/** Messages of one claim. */
let batch: number;
let delivered: string[];
let failures: DeliveryFailure[];
let settled: PromiseWithResolvers<void>;

beforeEach(() => {
  clock = new ManualClock();
  due = [];
  batch = 1;
  delivered = [];
  failures = [];
  settled = Promise.withResolvers();
});

const message: AlertMessage = {
  event: "trigger",
  space: "flights",
  name: "delay",
  version: "1.0.0",
  profile_uid: "u",
  drift_type: "Psi",
  window_end: "2026-01-01T00:00:00.000Z",
  alerts: [
    { entity_name: "hour", alert: { Psi: { feature: "hour", drift: 0.5, threshold: 0.1 } } },
  ],
  dispatch_config: { Console: { enabled: true } },
};

function messageOf(id: number, fields: { attempt?: number; message?: object } = {}) {
  return {
    claim: { messageId: id, fencing: 1 },
    dedupKey: `k${id}`,
    attempt: fields.attempt ?? 1,
    message: fields.message ?? message,
  } as ClaimedMessage;
}

/** The message goes to the channel of that name. */
function messageTo(name: string, id: number, fields: { attempt?: number } = {}) {
  const dispatch_config = { Other: { name } };
  return messageOf(id, { ...fields, message: { ...message, dispatch_config } });
}

function start(channel: AlertChannel, ...others: readonly AlertChannel[]): AlertDelivery {
  const done = () => {
    if (due.length === 0) settled.resolve();
    return true;
  };
  const alertOutbox = {
    claim: async () => due.splice(0, batch),
    delivered: async (claim: { messageId: number }) => {
      delivered.push(`k${claim.messageId}`);
      return done();
    },
    failed: async (_claim: unknown, failure: DeliveryFailure) => {
      failures.push(failure);
      return done();
    },
    releaseAll: async () => 0,
  } as unknown as Database["alertOutbox"];
  const ignore = () => undefined;
  const delivery = new AlertDelivery({
    database: { alertOutbox, listen: async () => async () => undefined },
    clock,
    channels: new AlertChannels([channel, ...others]),
    maxRetries: 3,
    workerId: "a",
    events: { onDelivered: ignore, onFailed: ignore, onTrouble: ignore },
  });
  void delivery.start();
  return delivery;
}

describe("AlertDelivery", () => {
  it("tells an alert on the console", async () => {
    const lines: string[] = [];
    const logger = makeLogger({ level: "info", json: true }, { write: (line) => lines.push(line) });
    due = [messageOf(1)];
    const delivery = start(consoleChannel(logger));
    await settled.promise;
    await delivery.stop();
    expect(delivered).toEqual(["k1"]);
    const { msg, alert } = JSON.parse(lines[0] ?? "") as { msg: string; alert: string };
    expect(alert).toBe("k1");
    expect(msg).toBe(
      "Drift detected for flights/delay/1.0.0!\nPSI Drift has been detected for the following features:\n    hour: \n        Drift Value: Feature 'hour' has experienced drift, with a current PSI score of 0.5 that exceeds the configured threshold of 0.1.\n",
    );
  });

  it("tries again with the same key, and delivers the others meanwhile", async () => {
    const keys: string[] = [];
    const channel: AlertChannel = {
      name: "flaky",
      deliver: async ({ dedupKey }) => {
        keys.push(dedupKey);
        if (keys.length === 1) throw new Error("504");
      },
    };
    due = [messageTo("flaky", 1), messageTo("flaky", 2), messageTo("flaky", 1, { attempt: 2 })];
    const delivery = start(channel);
    await settled.promise;
    await delivery.stop();
    expect(keys).toEqual(["k1", "k2", "k1"]);
    expect(failures).toEqual([{ channel: "flaky", error: "504", retryInMs: 5000 }]);
    expect(delivered).toEqual(["k2", "k1"]);
  });

  it("does not wait for a channel that never answers", async () => {
    const never = Promise.withResolvers<void>();
    due = [messageTo("deaf", 1)];
    const delivery = start({ name: "deaf", deliver: () => never.promise });
    await clock.untilSleeping(1);
    await clock.advance(10_000);
    await settled.promise;
    await delivery.stop();
    expect(failures[0]).toMatchObject({ channel: "deaf", retryInMs: 5000 });
    expect(failures[0]?.error).toContain("10 s");
  });

  it("says in the log which channel is missing and what to do, and delivers the others", async () => {
    const told: string[] = [];
    const channel: AlertChannel = {
      name: "toy",
      deliver: async ({ dedupKey }) => void told.push(dedupKey),
    };
    due = [messageTo("typo", 1), messageTo("toy", 2)];
    const delivery = start(channel);
    await settled.promise;
    await delivery.stop();
    expect(told).toEqual(["k2"]);
    expect(failures).toEqual([
      {
        channel: "typo",
        error:
          "no alert channel has the name 'typo': there are toy (correct the profile's dispatch_config, or register the channel when the server starts)",
        retryInMs: undefined,
      },
    ]);
  });

  it("tells other channels while one does not answer", async () => {
    const never = Promise.withResolvers<void>();
    const told = Promise.withResolvers<string>();
    due = [messageTo("deaf", 1), messageTo("toy", 2)];
    batch = 2;
    const delivery = start(
      { name: "deaf", deliver: () => never.promise },
      { name: "toy", deliver: async ({ dedupKey }) => told.resolve(dedupKey) },
    );
    expect(await told.promise).toBe("k2");
    never.resolve();
    await delivery.stop();
    expect(delivered.toSorted()).toEqual(["k1", "k2"]);
  });

  it.each([
    ["a message that cannot be read", messageOf(1, { message: {} })],
    ["one that ended four workers", messageTo("unused", 1, { attempt: 5 })],
  ])("never hands %s to a channel", async (_name, given) => {
    due = [given];
    const delivery = start({
      name: "unused",
      deliver: () => Promise.reject(new Error("was handed out")),
    });
    await settled.promise;
    await delivery.stop();
    expect(failures[0]?.channel).toBe("none");
    expect(failures[0]?.error).not.toContain("was handed out");
  });
});

describe("deliveryRetryMs", () => {
  const refused = new ScouterError({ code: "X", kind: "forbidden", message: "x" });
  const busy = (retryAfterMs: number) =>
    new ScouterError({ code: "X", kind: "busy", message: "x", retryAfterMs });
  const revoked = new ScouterError({ code: "X", kind: "unauthorized", message: "x" });
  it.each([
    ["a pause that the provider asks for", busy(42_000), 1, 42_000],
    ["a pause shorter than ours", busy(1000), 1, 5000],
    ["a pause of a day", busy(86_400_000), 1, 3_600_000],
    ["a revoked token", revoked, 1, undefined],
    ["a first failure", new Error("x"), 1, 5000],
    ["a third failure", new Error("x"), 3, 20_000],
    ["the last attempt", new Error("x"), 4, undefined],
    ["a refusal", refused, 1, undefined],
  ])("%s", (_name, error, attempt, pause) => {
    expect(deliveryRetryMs(error, attempt, 3)).toBe(pause);
  });
});
