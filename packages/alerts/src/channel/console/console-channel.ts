import { messageText } from "../../message/message-text.ts";
import type { AlertChannel } from "../alert-channel.ts";

/** The part of a logger that the console needs. */
export interface WarningLog {
  warn(fields: Readonly<Record<string, unknown>>, text: string): void;
}

/** Tells alerts as warnings of the server's log. */
export function consoleChannel(log: WarningLog): AlertChannel {
  return {
    name: "console",
    async deliver({ dedupKey, message }) {
      const { event, space, name, version } = message;
      const what = event === "trigger" ? "Drift detected for" : "Told of";
      log.warn(
        { alert: dedupKey },
        `${what} ${space}/${name}/${version}!\n${messageText(message, "console")}`,
      );
    },
  };
}
