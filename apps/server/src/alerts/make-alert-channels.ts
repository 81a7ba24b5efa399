import {
  type AlertChannel,
  AlertChannels,
  alertmanagerChannel,
  consoleChannel,
  opsGenieChannel,
  pagerDutyChannel,
  slackChannel,
  slackWebhookChannel,
  unconfiguredChannel,
  type WarningLog,
  webhookChannel,
} from "@scouter/alerts";
import type { Clock } from "@scouter/contracts";
import type { AlertConfig } from "../config/config.ts";

export interface AlertChannelParts {
  readonly config: AlertConfig;
  readonly logger: WarningLog;
  readonly clock: Clock;
  /** Channels of the server's owner, which a profile names with `{"Other": {"name": ...}}`. */
  readonly others?: readonly AlertChannel[] | undefined;
}

/**
 * Every channel that a profile may name. One whose settings are missing says so in the delivery log, and its alerts are told
 * on the console meanwhile.
 *
 * @throws `ALERTS_SETTING_INVALID`, `ALERTS_CHANNEL_TWICE`
 */
export function makeAlertChannels({
  config,
  logger,
  clock,
  others = [],
}: AlertChannelParts): AlertChannels {
  const console = consoleChannel(logger);
  const { opsGenie, pagerDuty, webhook, alertmanager, publicUrl } = config;
  const orElse = (channel: AlertChannel | undefined, name: string, needs: string) =>
    channel ?? unconfiguredChannel(name, needs, console);
  return new AlertChannels([
    console,
    orElse(slackOf(config), "slack", "SLACK_APP_TOKEN or SCOUTER_SLACK_WEBHOOK_URL"),
    orElse(opsGenie && opsGenieChannel({ ...opsGenie, publicUrl }), "opsgenie", "OPSGENIE_API_KEY"),
    orElse(
      pagerDuty && pagerDutyChannel({ ...pagerDuty, publicUrl }),
      "pagerduty",
      "SCOUTER_PAGERDUTY_ROUTING_KEY",
    ),
    orElse(
      webhook && webhookChannel({ ...webhook, clock, publicUrl }),
      "webhook",
      "SCOUTER_WEBHOOK_URL and SCOUTER_WEBHOOK_SECRET",
    ),
    orElse(
      alertmanager && alertmanagerChannel({ ...alertmanager, publicUrl }),
      "alertmanager",
      "SCOUTER_ALERTMANAGER_URL",
    ),
    ...others,
  ]);
}

/** The Web API posts to the channel that a profile names, a webhook to one only: the API goes first. */
function slackOf({ slack, slackWebhookUrl, publicUrl }: AlertConfig): AlertChannel | undefined {
  if (slack !== undefined) return slackChannel({ ...slack, publicUrl });
  if (slackWebhookUrl === undefined) return undefined;
  return slackWebhookChannel({ webhookUrl: slackWebhookUrl, publicUrl });
}
