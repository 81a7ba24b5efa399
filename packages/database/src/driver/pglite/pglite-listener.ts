import type { Listener } from "../listener.ts";
import { NotificationHub, type NotificationHandler } from "../notification-hub.ts";
import type { PgliteWorkerClient } from "./pglite-worker-client.ts";

/**
 * LISTEN on the one session of PGlite. `exclusively` runs a statement outside of any transaction, where LISTEN takes
 * effect at once.
 */
export function pgliteListener(
  client: PgliteWorkerClient,
  exclusively: (work: () => Promise<void>) => Promise<void>,
): Listener {
  const hub = new NotificationHub();
  client.onNotification((channel, payload) => hub.notify(channel, payload));

  const unlisten = async (channel: string, handler: NotificationHandler): Promise<void> => {
    if (hub.remove(channel, handler)) await exclusively(() => client.unlisten(channel));
  };
  return {
    async listen(channel, handler) {
      if (hub.add(channel, handler)) await exclusively(() => client.listen(channel));
      return () => unlisten(channel, handler);
    },
    close: () => Promise.resolve(),
  };
}
