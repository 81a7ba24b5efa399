import { errors } from "../errors.ts";
import type { AlertChannel } from "./alert-channel.ts";

/**
 * Stands where a profile's channel lacks its settings: the alert is told by `instead`, so that it is heard, and the
 * delivery fails, so that it is seen that it did not go where it should.
 *
 * @param needs the settings, in words that complete "set ..."
 */
export function unconfiguredChannel(
  name: string,
  needs: string,
  instead: AlertChannel,
): AlertChannel {
  return {
    name,
    async deliver(delivery, signal) {
      await instead.deliver(delivery, signal);
      throw errors.ALERTS_CHANNEL_NOT_CONFIGURED({ channel: name, needs });
    },
  };
}
