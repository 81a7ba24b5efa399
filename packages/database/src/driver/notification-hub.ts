export type NotificationHandler = (payload: string) => void;

/** Which handlers listen to which channel, whatever the driver. */
export class NotificationHub {
  readonly #handlers = new Map<string, Set<NotificationHandler>>();

  get channels(): readonly string[] {
    return [...this.#handlers.keys()];
  }

  /** True when the channel had no handler before: the driver has to start listening. */
  add(channel: string, handler: NotificationHandler): boolean {
    const handlers = this.#handlers.get(channel);
    handlers?.add(handler);
    if (handlers === undefined) this.#handlers.set(channel, new Set([handler]));
    return handlers === undefined;
  }

  /** True when the channel has no handler any more: the driver may stop listening. */
  remove(channel: string, handler: NotificationHandler): boolean {
    const handlers = this.#handlers.get(channel);
    if (handlers === undefined || !handlers.delete(handler) || handlers.size > 0) return false;
    return this.#handlers.delete(channel);
  }

  notify(channel: string, payload: string): void {
    for (const handler of this.#handlers.get(channel) ?? []) handler(payload);
  }

  /** After a reconnect: messages may have been missed on every channel. */
  notifyAll(): void {
    for (const channel of this.channels) this.notify(channel, "");
  }
}
