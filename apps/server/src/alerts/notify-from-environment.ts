import type { AlertMessage, WarningLog } from "@scouter/alerts";
import type { Clock } from "@scouter/contracts";
import { type Environment, readConfig } from "../config/read-config.ts";
import { errors } from "../errors.ts";
import { dispatchOfText } from "./alert-channel-setting.ts";
import { makeAlertChannels } from "./make-alert-channels.ts";

export interface Notice {
  /** As `scouter alert test` names it, such as `slack:releases`. */
  readonly channel: string;
  /** What it is about: shown where a profile's would be. */
  readonly name: string;
  readonly title: string;
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
    event: "report",
    space: "evaluation",
    name: notice.name,
    version: "1.0.0",
    profile_uid: "00000000-0000-0000-0000-000000000000",
    drift_type: "Agent",
    window_end: new Date(clock.now()).toISOString(),
    alerts: [],
    dispatch_config: dispatch,
    report: { title: notice.title, text: notice.text },
  };
  const channel = makeAlertChannels({ config, logger, clock }).of(message);
  await channel.deliver({ dedupKey: notice.dedupKey, message }, AbortSignal.timeout(TIMEOUT_MS));
}
