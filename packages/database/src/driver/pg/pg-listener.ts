import type { Clock } from "@scouter/contracts";
import { Client, escapeIdentifier, type ClientConfig } from "pg";
import type { Listener } from "../listener.ts";
import { NotificationHub, type NotificationHandler } from "../notification-hub.ts";

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 10_000;

export interface PgListenerOptions {
  readonly config: ClientConfig;
  readonly clock: Clock;
  readonly onConnectionLost: (error: unknown) => void;
}

/**
 * LISTEN on a connection of its own, made by the first `listen`. When it is lost, it is made anew with growing pauses;
 * then every handler is called once, because messages may have been missed.
 */
export class PgListener implements Listener {
  readonly #options: PgListenerOptions;
  readonly #hub = new NotificationHub();
  readonly #abort = new AbortController();
  #client: Promise<Client> | undefined;
  #reconnecting: Promise<void> | undefined;

  constructor(options: PgListenerOptions) {
    this.#options = options;
  }

  async listen(channel: string, handler: NotificationHandler): Promise<() => Promise<void>> {
    const isFirst = this.#hub.add(channel, handler);
    try {
      await this.#reconnecting;
      const client = await (this.#client ??= this.#connect());
      if (isFirst) await client.query(`listen ${escapeIdentifier(channel)}`);
    } catch (error) {
      this.#hub.remove(channel, handler);
      throw error;
    }
    return () => this.#unlisten(channel, handler);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#reconnecting;
    const client = await this.#client?.catch(() => undefined);
    await client?.end();
  }

  async #unlisten(channel: string, handler: NotificationHandler): Promise<void> {
    const isLast = this.#hub.remove(channel, handler);
    if (!isLast || this.#abort.signal.aborted) return;
    const client = await this.#client;
    await client?.query(`unlisten ${escapeIdentifier(channel)}`);
  }

  async #connect(): Promise<Client> {
    const client = new Client(this.#options.config);
    client.on("notification", ({ channel, payload }) => this.#hub.notify(channel, payload ?? ""));
    // Both events come for one loss; the first one starts the reconnect.
    client.on("error", (error) => this.#lost(client, error));
    client.on("end", () => this.#lost(client, new Error("the connection ended")));
    try {
      await client.connect();
      for (const channel of this.#hub.channels) {
        await client.query(`listen ${escapeIdentifier(channel)}`);
      }
    } catch (error) {
      this.#client = undefined;
      await client.end().catch(() => undefined); // it never was connected
      throw error;
    }
    this.#current = client;
    return client;
  }

  #current: Client | undefined;

  #lost(client: Client, error: unknown): void {
    if (client !== this.#current || this.#abort.signal.aborted) return;
    this.#current = undefined;
    this.#client = undefined;
    this.#options.onConnectionLost(error);
    this.#reconnecting = this.#reconnect().finally(() => {
      this.#reconnecting = undefined;
    });
  }

  async #reconnect(): Promise<void> {
    for (let attempt = 0; !this.#abort.signal.aborted; attempt += 1) {
      try {
        this.#client = Promise.resolve(await this.#connect());
        this.#hub.notifyAll();
        return;
      } catch (error) {
        this.#options.onConnectionLost(error);
      }
      await this.#pause(attempt);
    }
  }

  async #pause(attempt: number): Promise<void> {
    const ms = Math.min(FIRST_PAUSE_MS * 2 ** attempt, MAX_PAUSE_MS);
    try {
      await this.#options.clock.sleep(ms, this.#abort.signal);
    } catch {
      // closed meanwhile: the loop sees it
    }
  }
}
