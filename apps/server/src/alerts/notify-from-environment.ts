import type { AlertMessage, WarningLog } from "@scouter/alerts";
import type { Clock } from "@scouter/contracts";
import { type Environment, readConfig } from "../config/read-config.ts";
import { errors } from "../errors.ts";
import { dispatchOfText } from "./alert-channel-setting.ts";
import { makeAlertChannels } from "./make-alert-channels.ts";

export interface Notice {
  /** As `scouter alert test` names it, such as `slack:releases`. */
  readonly channel: string;
  /** What it is about, where a profile's place is else. */
  readonly name: string;
  readonly version: string;
  readonly text: string;
  /** The same for a repeat of the same notice. */
  readonly dedupKey: string;
}

const TIMEOUT_MS = 10_000;

/**
 * Tells one notice on a channel that the server's own variables configure, for programs that run without a server.
 *
 * @throws `SERVER_CONFIG_INVALID`, `SERVER_ALERT_CHANNEL_UNREADABLE`, and what the channel rejects with
 */
export async function notifyFromEnvironment(
  notice: Notice,
  env: Environment,
  clock: Clock,
  logger: WarningLog,
): Promise<void> {
  const dispatch = dispatchOfText(notice.channel);
  if (dispatch === undefined) {
    throw errors.SERVER_ALERT_CHANNEL_UNREADABLE({ given: notice.channel });
  }
  const { alerts: config } = readConfig(env).config;
  const message: AlertMessage = {
    event: "regression",
    space: "offline",
    name: notice.name,
    version: notice.version,
    profile_uid: "",
    drift_type: "Agent",
    window_end: new Date(clock.now()).toISOString(),
    alerts: [],
    dispatch_config: dispatch,
    text: notice.text,
  };
  const channel = makeAlertChannels({ config, logger, clock }).of(message);
  await channel.deliver({ dedupKey: notice.dedupKey, message }, AbortSignal.timeout(TIMEOUT_MS));
}
