import { inspect } from "node:util";
import type { AlertChannel, AlertMessage, Delivery } from "@scouter/alerts";
import { type ErrorKind, isScouterError } from "@scouter/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type AlertProtocol,
  type AlertServer,
  type AlertServerReply,
  startAlertServer,
} from "../alert-server/alert-server.ts";

export interface AlertChannelSubject {
  readonly protocol: AlertProtocol;
  /** A channel that posts to the server at `url`. */
  readonly make: (options: {
    readonly url: string;
    readonly publicUrl: string;
    readonly timeoutMs?: number;
  }) => AlertChannel;
  readonly dispatch: AlertMessage["dispatch_config"];
  /** Texts that must never show up in an error. */
  readonly secrets: readonly string[];
  /** Answers of this provider that say no although their status is 200. */
  readonly refusals: readonly (readonly [body: string, kind: ErrorKind])[];
}

const PUBLIC_URL = "https://scouter.example";

const failures: readonly (readonly [name: string, reply: AlertServerReply, kind: ErrorKind])[] = [
  ["429", { kind: "status", status: 429 }, "busy"],
  ["400", { kind: "status", status: 400 }, "invalid"],
  ["401", { kind: "status", status: 401 }, "unauthorized"],
  ["403", { kind: "status", status: 403 }, "unauthorized"],
  ["404", { kind: "status", status: 404 }, "invalid"],
  ["408", { kind: "status", status: 408 }, "timeout"],
  ["422", { kind: "status", status: 422 }, "invalid"],
  ["500", { kind: "status", status: 500 }, "unavailable"],
  ["503", { kind: "status", status: 503 }, "unavailable"],
  ["504", { kind: "status", status: 504 }, "timeout"],
  ["a closed connection", { kind: "hang-up" }, "unavailable"],
];

const psi = (feature: string): AlertMessage["alerts"][number] => ({
  entity_name: feature,
  alert: { Psi: { feature, drift: 0.5, threshold: 0.1 } },
});
const HOSTILE = "<!channel> & \"q\" 'q' \r\n ünï 🚨 \u0007";

/** The port's contract; run it on every channel that speaks to a provider. */
export function alertChannelContract(name: string, subject: AlertChannelSubject): void {
  const { protocol, make, dispatch, secrets, refusals } = subject;

  const message = (fields: Partial<AlertMessage> = {}): AlertMessage => ({
    event: "trigger",
    space: "flights",
    name: "delay",
    version: "1.0.0",
    profile_uid: "uid-1",
    drift_type: "Psi",
    window_end: "2026-01-01T00:00:00.000Z",
    window_id: 7,
    alerts: [psi("hour")],
    dispatch_config: dispatch,
    ...fields,
  });

  const delivery = (fields: Partial<AlertMessage> = {}, dedupKey = "uid-1/w/0"): Delivery => ({
    dedupKey,
    message: message(fields),
  });

  describe(`AlertChannel contract: ${name}`, () => {
    let server: AlertServer;
    let channel: AlertChannel;
    const open = (timeoutMs?: number) =>
      make({
        url: server.url,
        publicUrl: PUBLIC_URL,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });

    beforeEach(async () => {
      server = await startAlertServer(protocol);
      // Failures are scripted: a machine that is slow must not make them.
      channel = open(60_000);
    });
    afterEach(() => server.close());

    const never = new AbortController().signal;
    const keys = () => server.requests.map((request) => protocol.keyOf(request));
    const rejection = async (given: Promise<void>) => {
      const error: unknown = await given.then(
        () => expect.unreachable("the delivery should reject"),
        (reason: unknown) => reason,
      );
      if (!isScouterError(error)) throw new Error("expected a ScouterError", { cause: error });
      return error;
    };

    it("delivers with the key and a link to the window", async () => {
      await channel.deliver(delivery(), never);
      expect(keys()).toEqual(["uid-1/w/0"]);
      expect(server.requests[0]?.text).toContain(`${PUBLIC_URL}/drift/uid-1?window=7`);
      expect(server.requests[0]?.text).toContain("hour");
    });

    it.each<[string, Partial<AlertMessage>]>([
      ["a metric", { alerts: [{ entity_name: "mape", alert: { Custom: comparison } }] }],
      ["a control chart", { alerts: [{ entity_name: "x", alert: { Spc: zone } }] }],
      ["silence", { alerts: [{ entity_name: "x", alert: "None" }] }],
      ["an end", { event: "resolve", alerts: [{ entity_name: "x", alert: "None" }] }],
      ["a test", { event: "test", alerts: [] }],
    ])("tells of %s", async (_what, fields) => {
      await channel.deliver(delivery(fields), never);
      expect(server.requests).toHaveLength(1);
    });

    it("hands over the same key on every attempt, and another one for another message", async () => {
      server.script({ kind: "status", status: 500 });
      await rejection(channel.deliver(delivery(), never));
      server.script({ kind: "judge" });
      await channel.deliver(delivery(), never);
      const long = "k".repeat(5000);
      for (const key of [`${long}1`, `${long}1`, `${long}2`]) {
        await channel.deliver(delivery({}, key), never);
      }
      const [first, again, one, same, other] = keys();
      expect(again).toBe(first);
      expect(same).toBe(one);
      expect(new Set([first, one, other]).size).toBe(3);
    });

    it.each(failures)("%s is for good or for another attempt", async (_name, reply, kind) => {
      server.script(reply);
      const error = await rejection(channel.deliver(delivery(), never));
      expect(error.kind).toBe(kind);
      const shown = inspect(error, { depth: 9 }) + JSON.stringify(error) + String(error.cause);
      for (const secret of [...secrets, server.url]) expect(shown).not.toContain(secret);
      expect(error.message).toContain(`channel '${channel.name}'`);
    });

    it.each(refusals)("the answer %s is a failure, whatever its status", async (body, kind) => {
      server.script({ kind: "body", body });
      const error = await rejection(channel.deliver(delivery(), never));
      expect(error.kind).toBe(kind);
      for (const secret of secrets) expect(inspect(error)).not.toContain(secret);
    });

    it.each([429, 503])("passes on the pause that a %s asks for", async (status) => {
      server.script({ kind: "status", status, retryAfter: "7" });
      const error = await rejection(channel.deliver(delivery(), never));
      expect(error.retryAfterMs).toBe(7000);
    });

    it("does not follow where it is sent", async () => {
      const elsewhere = await startAlertServer(protocol);
      server.script({ kind: "redirect", location: `${elsewhere.url}${protocol.path}` });
      const error = await rejection(channel.deliver(delivery(), never));
      expect(error.kind).toBe("invalid");
      expect(elsewhere.requests).toEqual([]);
      await elsewhere.close();
    });

    it("gives up on a provider that does not answer", async () => {
      server.script({ kind: "silence" });
      const error = await rejection(open(20).deliver(delivery(), never));
      expect(error.kind).toBe("timeout");
    });

    it("ends when the signal aborts", async () => {
      server.script({ kind: "silence" });
      const stopping = new AbortController();
      const failed = rejection(channel.deliver(delivery(), stopping.signal));
      await server.untilRequests(1);
      stopping.abort();
      expect((await failed).kind).toBe("timeout");
    });

    it("says that nobody listens", async () => {
      await server.close();
      const error = await rejection(channel.deliver(delivery(), never));
      expect(error.kind).toBe("unavailable");
      for (const secret of secrets) expect(inspect(error)).not.toContain(secret);
    });

    it("cuts to size what the provider would refuse", async () => {
      const long = "🚨&".repeat(2000);
      const alerts = Array.from({ length: 300 }, (_, index) => psi(`${long}${index}`));
      await channel.deliver(delivery({ alerts, space: long, name: long }, long), never);
      expect(server.requests[0]?.text).toContain("more characters)");
      expect(server.requests[0]?.text.isWellFormed()).toBe(true);
    });

    it("takes names that mean something to providers as names", async () => {
      const fields = { space: HOSTILE, name: HOSTILE, alerts: [psi(HOSTILE)] };
      await channel.deliver(delivery(fields, HOSTILE), never);
      expect(keys()).toEqual([HOSTILE]);
    });
  });
}

const comparison = {
  metric_name: "mape",
  baseline_value: 1,
  observed_value: 2,
  delta: null,
  alert_threshold: "Above" as const,
};
const zone = { feature: "x", kind: "OutOfBounds" as const, zone: "Zone4" as const };
