import type { Clock } from "@scouter/contracts";
import { errors } from "../errors.ts";

const WINDOW_MS = 60_000;
/** A person mistypes a few times; a guesser at this pace needs years for a poor password. */
const MAX_FAILURES_OF_USER = 10;
/** One address may stand for a whole office. */
const MAX_FAILURES_OF_ADDRESS = 100;
const MAX_ENTRIES = 10_000;

interface Failures {
  readonly endsAtMs: number;
  count: number;
}

/**
 * Limits failed logins per user and address, and per address, in windows of a minute. The user alone is not limited:
 * then anybody could lock anybody out. Kept in memory, so each process counts for itself.
 */
export class LoginLimit {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws `SERVER_LOGIN_LIMITED` with the time until the window ends */
  check(username: string, address: string): void {
    const nowMs = this.#clock.now();
    for (const [key, maximum] of limits(username, address)) {
      const failures = this.#failures.get(key);
      if (failures === undefined || failures.endsAtMs <= nowMs || failures.count < maximum)
        continue;
      throw errors.SERVER_LOGIN_LIMITED(
        { reason: "too many failed logins" },
        { retryAfterMs: failures.endsAtMs - nowMs },
      );
    }
  }

  failed(username: string, address: string): void {
    const nowMs = this.#clock.now();
    for (const [key] of limits(username, address)) {
      const failures = this.#failures.get(key);
      if (failures !== undefined && failures.endsAtMs > nowMs) failures.count += 1;
      else this.#begin(key, nowMs);
    }
  }

  succeeded(username: string, address: string): void {
    this.#failures.delete(userKey(username, address));
  }

  /** A map keeps the order of insertion: when it is full, the window that began first goes. */
  #begin(key: string, nowMs: number): void {
    this.#failures.delete(key);
    if (this.#failures.size >= MAX_ENTRIES) {
      const [oldest] = this.#failures.keys();
      if (oldest !== undefined) this.#failures.delete(oldest);
    }
    this.#failures.set(key, { endsAtMs: nowMs + WINDOW_MS, count: 1 });
  }
}

function limits(username: string, address: string): readonly (readonly [string, number])[] {
  return [
    [userKey(username, address), MAX_FAILURES_OF_USER],
    [JSON.stringify([address]), MAX_FAILURES_OF_ADDRESS],
  ];
}

function userKey(username: string, address: string): string {
  return JSON.stringify([address, username.slice(0, 200)]);
}
