import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AlertMessage } from "@scouter/alerts";
import { systemClock, type Clock, type DispatchConfig, type JsonObject } from "@scouter/contracts";
import {
  openPglite,
  type Database,
  type DeliveryFailure,
  type OutboxClaim,
} from "@scouter/database";
import {
  type AlertProtocol,
  type AlertServer,
  type AlertServerReply,
  startAlertServer,
} from "@scouter/testkit/alert-server/alert-server";
import {
  opsGenieProtocol,
  pagerDutyProtocol,
  slackProtocol,
} from "@scouter/testkit/alert-server/provider-protocols";
import {
  claimWindow,
  completionWith,
  withDueWindows,
} from "@scouter/testkit/contract/repositories/drift-samples";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeAlertChannels } from "../src/alerts/make-alert-channels.ts";
import { readConfig } from "../src/config/read-config.ts";
import { makeLogger } from "../src/log/make-logger.ts";
import { AlertDelivery } from "../src/workers/alert-delivery.ts";
import { mortal } from "./mortal.ts";

/**
 * Alerts on their way to providers that fail, delay, rate-limit and refuse, told by processes that are killed at random.
 * `npm run chaos -- alert-delivery` is the long form.
 */

const isLong = process.env["SCOUTER_CHAOS_ROUNDS"] !== undefined;
const MESSAGES_EACH = isLong ? 200 : 20;
const ROUNDS = isLong ? 200 : 25;
/** Pauses and time-outs pass so much faster; those of the outbox run by the database's clock and are cut too. */
const SPEED = 100;
const RETRY_SPEED = 1000;

const clock: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms / SPEED, signal),
};
const logger = makeLogger({ level: "silent", json: true }, { write: () => undefined });

/** A pseudo-random number in 0..1 per call (Park and Miller), so that a failing run can be repeated. */
function randomSource(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

interface Provider {
  readonly server: AlertServer;
  readonly dispatch: DispatchConfig;
  /** Keys of what the provider took, in order. */
  readonly taken: unknown[];
}

async function providerOf(protocol: AlertProtocol, dispatch: DispatchConfig): Promise<Provider> {
  const taken: unknown[] = [];
  const server = await startAlertServer({
    ...protocol,
    answer(request) {
      const answer = protocol.answer(request);
      if (answer.status < 300) taken.push(protocol.keyOf(request));
      return answer;
    },
  });
  return { server, dispatch, taken };
}

let home: string;
let db: Database;
let providers: readonly Provider[];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "scouter-delivery-"));
  db = await openPglite({ folder: join(home, "database"), clock: systemClock });
  providers = [
    await providerOf(slackProtocol("xoxb"), { Slack: { channel: "#ml" } }),
    await providerOf(opsGenieProtocol("key"), { OpsGenie: { team: "ml", priority: "P2" } }),
    await providerOf(pagerDutyProtocol("route"), { PagerDuty: {} }),
  ];
});
afterEach(async () => {
  await Promise.all(providers.map(({ server }) => server.close()));
  await db.close();
  await rm(home, { recursive: true, force: true });
});

/** One message for each alert of each provider, stored with a window as the workers do. */
async function storeMessages(each: number): Promise<string> {
  const { uid } = await withDueWindows(db, 1);
  const { claim } = await claimWindow(db, "a");
  const messages = providers.flatMap(({ dispatch }, provider) =>
    Array.from({ length: each }, (_, number) => {
      const key = `${uid}/${provider}/${number}`;
      const message: AlertMessage = {
        event: "trigger",
        space: "s",
        name: "n",
        version: "1.0.0",
        profile_uid: uid,
        drift_type: "Custom",
        window_end: "2026-01-01T00:00:00.000Z",
        window_id: claim.windowId,
        incident_key: key,
        alerts: [{ entity_name: `metric-${number}`, alert: "None" }],
        dispatch_config: dispatch,
      };
      return { dedupKey: key, message: message as unknown as JsonObject };
    }),
  );
  await db.driftWindows.complete(claim, { ...completionWith(), messages });
  return uid;
}

/** A process that tells alerts, as far as the database knows. */
class Teller {
  #killed = false;
  readonly #name: string;
  readonly #delivery: AlertDelivery;

  constructor(name: string, maxRetries: number) {
    this.#name = name;
    const [slack, opsGenie, pagerDuty] = providers as readonly [Provider, Provider, Provider];
    const { config } = readConfig({
      SLACK_APP_TOKEN: "xoxb",
      SLACK_API_URL: `${slack.server.url}/api/`,
      OPSGENIE_API_KEY: "key",
      OPSGENIE_API_URL: `${opsGenie.server.url}/v2/alerts`,
      SCOUTER_PAGERDUTY_ROUTING_KEY: "route",
      SCOUTER_PAGERDUTY_URL: pagerDuty.server.url,
    });
    const hurried = Object.assign(
      Object.create(db.alertOutbox) as Database["alertOutbox"],
      bound(db.alertOutbox),
      {
        failed: (claim: OutboxClaim, { retryInMs, ...failure }: DeliveryFailure) =>
          db.alertOutbox.failed(claim, {
            ...failure,
            ...(retryInMs !== undefined && { retryInMs: retryInMs / RETRY_SPEED }),
          }),
      },
    );
    const ignore = () => undefined;
    this.#delivery = new AlertDelivery({
      database: {
        alertOutbox: mortal(hurried, () => this.#killed),
        listen: (channel, handler) => db.listen(channel, handler),
      },
      clock,
      channels: makeAlertChannels({ config: config.alerts, logger, clock }),
      maxRetries,
      workerId: name,
      events: { onDelivered: ignore, onFailed: ignore, onTrouble: ignore },
    });
  }

  start(): Promise<void> {
    return this.#delivery.start();
  }

  stop(): Promise<void> {
    return this.#delivery.stop();
  }

  /** Nothing of it reaches the database any more; its lease ends, as it would after two minutes. */
  async kill(): Promise<void> {
    this.#killed = true;
    await this.stop();
    await db.alertOutbox.releaseAll(this.#name);
  }
}

function bound(outbox: Database["alertOutbox"]): Partial<Database["alertOutbox"]> {
  return {
    claim: (request) => outbox.claim(request),
    delivered: (claim, delivery) => outbox.delivered(claim, delivery),
    releaseAll: (workerId) => outbox.releaseAll(workerId),
  };
}

const TROUBLES: readonly AlertServerReply[] = [
  { kind: "judge" },
  { kind: "status", status: 500 },
  { kind: "status", status: 503 },
  { kind: "status", status: 429, retryAfter: "1" },
  { kind: "hang-up" },
  { kind: "silence" },
  { kind: "body", body: JSON.stringify({ ok: false, error: "ratelimited" }) },
];

async function untilSettled(): Promise<void> {
  for (;;) {
    const { pending, sending } = await db.alertOutbox.counts();
    if (pending + sending === 0) return;
    await systemClock.sleep(20);
  }
}

describe("alerts on their way", () => {
  it(
    "are not lost, and told again at most once for each kill of their process, under the same key",
    { timeout: 1_800_000 },
    async () => {
      await storeMessages(MESSAGES_EACH);
      const random = randomSource(815);
      let teller = new Teller("teller-0", 10_000);
      await teller.start();
      let kills = 0;
      for (let round = 1; round <= ROUNDS; round += 1) {
        for (const { server, dispatch } of providers) {
          // A body with 200 means no to Slack alone; the others would have taken the alert.
          const usable = TROUBLES.filter((reply) => reply.kind !== "body" || "Slack" in dispatch);
          server.script(usable[Math.floor(random() * usable.length)] ?? { kind: "judge" });
        }
        await systemClock.sleep(random() * 60);
        if (random() < 0.5) continue;
        await teller.kill();
        kills += 1;
        teller = new Teller(`teller-${kills}`, 10_000);
        await teller.start();
      }
      for (const { server } of providers) server.script({ kind: "judge" });
      await untilSettled();
      await teller.stop();

      expect(kills).toBeGreaterThan(5);
      expect(await db.alertOutbox.counts()).toMatchObject({
        delivered: MESSAGES_EACH * providers.length,
        failed: 0,
      });
      for (const { taken } of providers) {
        expect(new Set(taken).size).toBe(MESSAGES_EACH);
        // Each process tells one provider one alert at a time.
        expect(taken.length - MESSAGES_EACH).toBeLessThanOrEqual(kills);
      }
    },
  );

  it("that cannot be delivered are given up, and say why", { timeout: 120_000 }, async () => {
    const uid = await storeMessages(1);
    const [slack, opsGenie, pagerDuty] = providers as readonly [Provider, Provider, Provider];
    slack.server.script({ kind: "body", body: '{"ok":false,"error":"channel_not_found"}' });
    opsGenie.server.script({ kind: "status", status: 503 });
    pagerDuty.server.script({ kind: "status", status: 400 });
    const teller = new Teller("teller", 2);
    await teller.start();
    await untilSettled();
    await teller.stop();
    expect(await db.alertOutbox.counts()).toMatchObject({ failed: 3, delivered: 0 });
    const messages = await db.alertOutbox.list({ profileUid: uid, limit: 10 });
    const attempts = Object.fromEntries(
      messages.map(({ deliveries }) => [deliveries[0]?.channel, deliveries.length]),
    );
    // What another attempt does not help is given up at once.
    expect(attempts).toEqual({ slack: 1, opsgenie: 3, pagerduty: 1 });
    const errors = messages.map(({ lastError }) => lastError).join("\n");
    expect(errors).toContain("channel_not_found");
    expect(errors).toContain("503");
    expect(errors).toContain("400");
  });
});
