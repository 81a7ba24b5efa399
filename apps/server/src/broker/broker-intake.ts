import { isScouterError, type Clock } from "@scouter/contracts";
import type { Database, MessageIdentity } from "@scouter/database";
import { errors } from "../errors.ts";
import { deliveryReport } from "../message/delivery-report.ts";
import { messageIdentity } from "../message/message-identity.ts";
import type { MessageOutcome } from "../message/message-outcome.ts";
import { storeMessage, type MessageParts } from "../message/store-message.ts";
import type { BrokerName } from "./broker-consumer.ts";

/** A message as a broker delivers it. */
export interface BrokerMessage {
  readonly broker: BrokerName;
  readonly body: Uint8Array;
  header(name: string): string | undefined;
  /** Where it lies, for people. */
  readonly origin: string;
  /** Its place, the same each time that the broker delivers it; undefined where a broker has no such thing. */
  readonly place: MessageIdentity | undefined;
}

/**
 * - `stored`: all of its items are in the database, now or since before.
 * - `parked`: it, or some of its items, can never be stored; it was put aside with the reason.
 * - `left`: neither, because the server stops: somebody else shall have it.
 */
export type MessageFate = "stored" | "parked" | "left";

export interface BrokerIntakeParts {
  readonly message: MessageParts;
  readonly database: Pick<Database, "parkedMessages">;
  readonly clock: Clock;
  /** Uniform in [0, 1), for the pauses between tries. */
  readonly random: () => number;
  readonly events: BrokerIntakeEvents;
}

/** None may throw. */
export interface BrokerIntakeEvents {
  onDone(broker: BrokerName, fate: MessageFate): void;
  onParked(message: BrokerMessage, code: string, reason: string): void;
  /** The database is away or a channel is full; the message is tried again after the pause. */
  onHeldUp(broker: BrokerName, error: unknown, pauseMs: number): void;
}

/** Larger messages are not even parsed. */
export const MAX_BROKER_MESSAGE_BYTES = 10 * 1024 * 1024;
/** Larger payloads are not kept beside the reason for which a message was parked. */
const MAX_PARKED_BYTES = MAX_BROKER_MESSAGE_BYTES;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;
/** A fault of ours may pass; one that stays must not hold up the queue for ever. */
const MAX_FAULTS = 5;
/** How many refused items the reason names. */
const NAMED_ITEMS = 5;

/**
 * The way of a broker's message into the stores: everything that brokers have in common. Messages are taken as sent by
 * somebody who may write everywhere, since the broker itself decides who may send.
 */
export class BrokerIntake {
  readonly #parts: BrokerIntakeParts;

  constructor(parts: BrokerIntakeParts) {
    this.#parts = parts;
  }

  /**
   * Stores or parks the message, however long the database is away.
   *
   * @param signal when it aborts, what is not done by then is `left`
   */
  async take(message: BrokerMessage, signal: AbortSignal): Promise<MessageFate> {
    const fate = await this.#untilDone(message, signal);
    this.#parts.events.onDone(message.broker, fate);
    return fate;
  }

  async #untilDone(message: BrokerMessage, signal: AbortSignal): Promise<MessageFate> {
    let faults = 0;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        return await this.#attempt(message);
      } catch (error) {
        const mayPass = isScouterError(error) && error.retryable;
        if (!mayPass) faults += 1;
        if (!mayPass && faults >= MAX_FAULTS) {
          const parked = await this.#tryToPark(message, error);
          if (parked) return "parked";
        }
        await this.#pause(attempt, message, error, signal);
      }
    }
    return "left";
  }

  async #attempt(message: BrokerMessage): Promise<MessageFate> {
    let outcome: MessageOutcome;
    try {
      outcome = await this.#store(message);
    } catch (error) {
      if (!isScouterError(error) || error.retryable || error.kind === "internal") throw error;
      await this.#park(message, error.code, error.message);
      return "parked";
    }
    if (outcome.rejected.length === 0) return "stored";
    await this.#park(message, outcome.rejected[0]?.code ?? "", reasonOf(outcome));
    return "parked";
  }

  #store(message: BrokerMessage): Promise<MessageOutcome> {
    const { body, place } = message;
    const header = (name: string) => message.header(name);
    const sizeBytes = body.byteLength;
    if (sizeBytes > MAX_BROKER_MESSAGE_BYTES) {
      throw errors.SERVER_BROKER_MESSAGE_TOO_LARGE({
        sizeBytes,
        maxBytes: MAX_BROKER_MESSAGE_BYTES,
      });
    }
    const identity = messageIdentity(header) ?? place;
    const refusalFor = async () => undefined;
    const report = deliveryReport(header);
    return storeMessage({ body, identity, report, refusalFor }, this.#parts.message);
  }

  async #park(message: BrokerMessage, code: string, reason: string): Promise<void> {
    const { broker, origin, body } = message;
    const sizeBytes = body.byteLength;
    const payload = sizeBytes <= MAX_PARKED_BYTES ? body : undefined;
    await this.#parts.database.parkedMessages.park({
      broker,
      origin,
      code,
      reason,
      sizeBytes,
      payload,
    });
    this.#parts.events.onParked(message, code, reason);
  }

  async #tryToPark(message: BrokerMessage, error: unknown): Promise<boolean> {
    const code = isScouterError(error) ? error.code : "SERVER_INTERNAL";
    try {
      await this.#park(message, code, error instanceof Error ? error.message : String(error));
      return true;
    } catch {
      // The database refuses this too: the message stays with its broker, and the pause is told of `error`.
      return false;
    }
  }

  async #pause(attempt: number, message: BrokerMessage, error: unknown, signal: AbortSignal) {
    const { clock, random, events } = this.#parts;
    const bound = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
    const pauseMs = bound * (0.5 + random() / 2);
    events.onHeldUp(message.broker, error, pauseMs);
    await clock.sleep(pauseMs, signal).catch(() => undefined);
  }
}

function reasonOf({ accepted, rejected }: MessageOutcome): string {
  const named = rejected
    .slice(0, NAMED_ITEMS)
    .map(({ index, code, message }) => `[${index}] ${code}: ${message}`);
  const more = rejected.length > named.length ? `; and ${rejected.length - named.length} more` : "";
  return `${rejected.length} of ${accepted + rejected.length} items were refused: ${named.join("; ")}${more}`;
}
