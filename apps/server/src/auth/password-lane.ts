import { hash, verify } from "@node-rs/argon2";
import { errors } from "../errors.ts";

/** OWASP's minimum for argon2id: 19 MiB, 2 passes, 1 lane; some 20 ms. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Hashing runs on the process's four pool threads, which files and DNS need too. */
const MAX_RUNNING = 2;
/** Some four seconds of work: whoever comes later is better told to come back. */
const MAX_WAITING = 200;

/** Makes and checks password hashes (argon2id, PHC strings) off the main thread, a few at a time. */
export class PasswordLane {
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** Waits for its turn. */
  hash(password: string): Promise<string> {
    return this.run(() => this.hashNow(password));
  }

  /** Only inside `run`, which gives the right to use a pool thread. */
  hashNow(password: string): Promise<string> {
    return hash(password, COST);
  }

  /** Only inside `run`. A damaged hash matches nothing. */
  async matches(passwordHash: string, password: string): Promise<boolean> {
    try {
      return await verify(passwordHash, password);
    } catch {
      // Only a stored hash that is no PHC string throws; it belongs to nobody's password.
      return false;
    }
  }

  /** @throws `SERVER_LOGIN_LIMITED` when too many wait already */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#turn();
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running >= MAX_RUNNING) {
      if (this.#waiting.length >= MAX_WAITING) {
        throw errors.SERVER_LOGIN_LIMITED(
          { reason: "too many logins at once" },
          { retryAfterMs: 1000 },
        );
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running += 1;
  }
}
