import { type AlertChannels, alertMessage } from "@scouter/alerts";
import { isScouterError, type Clock } from "@scouter/contracts";
import { ALERT_OUTBOX_CHANNEL, type ClaimedMessage, type Database } from "@scouter/database";
import { errors } from "../errors.ts";
import { Wakeup } from "./wakeup.ts";

export interface AlertDeliveryParts {
  readonly database: Pick<Database, "alertOutbox" | "listen">;
  readonly clock: Clock;
  readonly channels: Pick<AlertChannels, "of">;
  /** After the first attempt. */
  readonly maxRetries: number;
  /** Unique over processes. */
  readonly workerId: string;
  readonly events: AlertDeliveryEvents;
}

/** For logs and metrics; none may throw. */
export interface AlertDeliveryEvents {
  readonly onDelivered: (dedupKey: string, channel: string) => void;
  /** `retryInMs` undefined: given up. */
  readonly onFailed: (dedupKey: string, error: unknown, retryInMs: number | undefined) => void;
  readonly onTrouble: (error: unknown) => void;
}

const CLAIM_LIMIT = 10;
/** Longer than all deliveries of a batch may take together. */
const LEASE_MS = 120_000;
const TIMEOUT_MS = 10_000;
const POLL_MS = 1000;
const RETRY_BASE_MS = 5000;
const RETRY_MAX_MS = 600_000;

/** Delivers the messages of the outbox, each with the same key on every attempt. */
export class AlertDelivery {
  readonly #parts: AlertDeliveryParts;
  readonly #wakeup: Wakeup;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #endListening: () => Promise<void> = async () => undefined;

  constructor(parts: AlertDeliveryParts) {
    this.#parts = parts;
    this.#wakeup = new Wakeup(parts.clock);
  }

  async start(): Promise<void> {
    const { database, events } = this.#parts;
    try {
      this.#endListening = await database.listen(ALERT_OUTBOX_CHANNEL, () => this.#wakeup.notify());
    } catch (error) {
      // Polling alone is slower by up to a second, not wrong.
      events.onTrouble(error);
    }
    this.#running = this.#run();
  }

  /** Resolves when the delivery under way has ended and the other messages are given back. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#endListening().catch(this.#parts.events.onTrouble);
  }

  async #run(): Promise<void> {
    const { database, clock, events, workerId } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const { seen } = this.#wakeup;
      try {
        const request = { workerId, limit: CLAIM_LIMIT, leaseMs: LEASE_MS };
        const claimed = await database.alertOutbox.claim(request);
        await this.#settleAll(claimed);
        if (claimed.length === 0) await this.#wakeup.sleep(seen, POLL_MS, signal);
      } catch (error) {
        events.onTrouble(error);
        // The signal ends the pause; the loop's condition sees it.
        await clock.sleep(POLL_MS, signal).catch(() => undefined);
      }
    }
    await database.alertOutbox.releaseAll(workerId).catch(events.onTrouble);
  }

  /** Targets side by side, so that one that does not answer holds up nobody else's alerts; each in order. */
  async #settleAll(claimed: readonly ClaimedMessage[]): Promise<void> {
    const { signal } = this.#stopping;
    const byTarget = Map.groupBy(claimed, ({ message }) =>
      JSON.stringify(message["dispatch_config"]),
    );
    const settled = await Promise.allSettled(
      [...byTarget.values()].map(async (messages) => {
        for (const message of messages) if (!signal.aborted) await this.#settle(message);
      }),
    );
    const failed = settled.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  async #settle({ claim, dedupKey, message, attempt }: ClaimedMessage): Promise<void> {
    const { database, channels, events, maxRetries } = this.#parts;
    let channel = "none";
    try {
      if (attempt > maxRetries + 1)
        throw errors.SERVER_ALERT_ATTEMPTS_USED_UP({ attempts: attempt - 1 });
      const parsed = alertMessage.parse(message);
      const adapter = channels.of(parsed);
      channel = adapter.name;
      await this.#withinTime((signal) => adapter.deliver({ dedupKey, message: parsed }, signal));
    } catch (error) {
      const retryInMs = deliveryRetryMs(error, attempt, maxRetries);
      events.onFailed(dedupKey, error, retryInMs);
      await database.alertOutbox.failed(claim, { channel, error: textOf(error), retryInMs });
      return;
    }
    await database.alertOutbox.delivered(claim, { channel });
    events.onDelivered(dedupKey, channel);
  }

  /** A channel that does not answer must not hold up the others' alerts, whether it heeds the signal or not. */
  async #withinTime(deliver: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { clock } = this.#parts;
    const timing = new AbortController();
    const late = new AbortController();
    const timeUp = clock.sleep(TIMEOUT_MS, timing.signal).then(
      () => {
        late.abort();
        throw errors.SERVER_ALERT_TIMEOUT({ seconds: TIMEOUT_MS / 1000 });
      },
      () => undefined,
    );
    try {
      await Promise.race([deliver(late.signal), timeUp]);
    } finally {
      timing.abort();
    }
  }
}

/** For the delivery log: what went wrong and what to do. */
function textOf(error: unknown): string {
  if (!isScouterError(error)) return error instanceof Error ? error.message : String(error);
  return error.remedy === undefined ? error.message : `${error.message} (${error.remedy})`;
}

/** Kinds that another attempt does not help. */
const HOPELESS: ReadonlySet<string> = new Set([
  "invalid",
  "unauthorized",
  "forbidden",
  "not-found",
  "too-large",
]);
/** A provider may ask for more patience than we have by ourselves, within limits. */
const ASKED_MAX_MS = 3_600_000;

/**
 * Pause after the given attempt: 5 s, doubled for each, at most 10 min, or as long as the provider asks, at most an hour;
 * undefined when it is the last.
 */
export function deliveryRetryMs(
  error: unknown,
  attempt: number,
  maxRetries: number,
): number | undefined {
  const known = isScouterError(error) ? error : undefined;
  if ((known !== undefined && HOPELESS.has(known.kind)) || attempt > maxRetries) return undefined;
  const own = Math.min(RETRY_MAX_MS, RETRY_BASE_MS * 2 ** Math.min(attempt - 1, 20));
  return Math.max(own, Math.min(known?.retryAfterMs ?? 0, ASKED_MAX_MS));
}
