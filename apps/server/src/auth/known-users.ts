import type { Clock } from "@scouter/contracts";
import type { User, UserRepository } from "@scouter/database";

/** So long a deactivated user, or one with fewer permissions, may still be served by another process. */
const KEPT_MS = 5000;
const MAX_ENTRIES = 1000;

interface Entry {
  readonly user: Promise<User | undefined>;
  readonly endsAtMs: number;
}

/** Users as the database has them, at most five seconds old: a token alone would keep its rights for an hour. */
export class KnownUsers {
  readonly #users: Pick<UserRepository, "byName">;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  constructor(users: Pick<UserRepository, "byName">, clock: Clock) {
    this.#users = users;
    this.#clock = clock;
  }

  find(username: string): Promise<User | undefined> {
    const nowMs = this.#clock.monotonicMs();
    const entry = this.#entries.get(username);
    if (entry !== undefined && entry.endsAtMs > nowMs) return entry.user;
    const user = this.#users.byName(username);
    if (this.#entries.size >= MAX_ENTRIES) this.#entries.clear();
    this.#entries.set(username, { user, endsAtMs: nowMs + KEPT_MS });
    // A database that is away must be asked again, not remembered.
    user.catch(() => this.forget(username));
    return user;
  }

  forget(username: string): void {
    this.#entries.delete(username);
  }
}
