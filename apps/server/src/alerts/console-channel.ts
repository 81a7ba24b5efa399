import type { Logger } from "../log/make-logger.ts";
import { messageText } from "./alert-message.ts";
import type { AlertChannel } from "./channel.ts";

/** Tells alerts as warnings of the server's log. */
export function consoleChannel(logger: Logger): AlertChannel {
  return {
    name: "console",
    async deliver({ dedupKey, message }) {
      const { space, name, version } = message;
      logger.warn(
        { alert: dedupKey },
        `Drift detected for ${space}/${name}/${version}!\n${messageText(message, "console")}`,
      );
    },
  };
}
