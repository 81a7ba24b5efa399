import type { NotificationHandler } from "./notification-hub.ts";

/**
 * A driver's side of LISTEN. `listen` resolves once messages arrive, with the function that ends it; `close` ends all
 * and may be called while a reconnect is under way.
 */
export interface Listener {
  listen(channel: string, handler: NotificationHandler): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
