import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import {
  alertmanagerProtocol,
  opsGenieProtocol,
  pagerDutyProtocol,
  SLACK_WEBHOOK_PATH,
  slackProtocol,
  slackWebhookProtocol,
  webhookProtocol,
} from "@scouter/testkit/alert-server/provider-protocols";
import { alertChannelContract } from "@scouter/testkit/contract/alert-channel";
import { alertmanagerChannel } from "./channel/alertmanager/alertmanager-channel.ts";
import { opsGenieChannel } from "./channel/opsgenie/opsgenie-channel.ts";
import { pagerDutyChannel } from "./channel/pagerduty/pagerduty-channel.ts";
import { slackChannel } from "./channel/slack/slack-channel.ts";
import { slackWebhookChannel } from "./channel/slack/slack-webhook-channel.ts";
import { webhookChannel } from "./channel/webhook/webhook-channel.ts";

const SECRET = "a-very-secret-key-that-nobody-may-read";
const PAGE = "<html>sign in</html>";

alertChannelContract("slack", {
  protocol: slackProtocol(SECRET),
  make: ({ url, ...rest }) => slackChannel({ token: SECRET, apiUrl: `${url}/api`, ...rest }),
  dispatch: { Slack: { channel: "#ml" } },
  secrets: [SECRET],
  refusals: [
    [PAGE, "unavailable"],
    ['{"error":"no_ok"}', "unavailable"],
    ['{"ok":false,"error":"channel_not_found"}', "invalid"],
    ['{"ok":false,"error":"token_revoked"}', "unauthorized"],
    ['{"ok":false,"error":"ratelimited"}', "busy"],
    ['{"ok":false,"error":"internal_error"}', "unavailable"],
    [`{"ok":false,"error":"bad token ${SECRET}"}`, "invalid"],
    ['{"ok":false}', "invalid"],
  ],
});

alertChannelContract("slack webhook", {
  protocol: slackWebhookProtocol,
  make: ({ url, ...rest }) =>
    slackWebhookChannel({ webhookUrl: `${url}${SLACK_WEBHOOK_PATH}`, ...rest }),
  dispatch: { Slack: { channel: "#ml" } },
  secrets: [SLACK_WEBHOOK_PATH, "slack-webhook-secret"],
  refusals: [[PAGE, "unavailable"]],
});

alertChannelContract("opsgenie", {
  protocol: opsGenieProtocol(SECRET),
  make: ({ url, ...rest }) =>
    opsGenieChannel({ apiKey: SECRET, alertsUrl: `${url}/v2/alerts`, ...rest }),
  dispatch: { OpsGenie: { team: "ml", priority: "P2" } },
  secrets: [SECRET],
  refusals: [],
});

alertChannelContract("pagerduty", {
  protocol: pagerDutyProtocol(SECRET),
  make: ({ url, ...rest }) => pagerDutyChannel({ routingKey: SECRET, eventsUrl: url, ...rest }),
  dispatch: { PagerDuty: { severity: "critical" } },
  secrets: [SECRET],
  refusals: [
    [PAGE, "unavailable"],
    ['{"status":"invalid event"}', "unavailable"],
  ],
});

alertChannelContract("alertmanager", {
  protocol: alertmanagerProtocol,
  make: ({ url, ...rest }) =>
    alertmanagerChannel({ baseUrl: url.replace("://", `://user:${SECRET}@`), ...rest }),
  dispatch: { Alertmanager: {} },
  secrets: [SECRET, Buffer.from(`user:${SECRET}`).toString("base64")],
  refusals: [],
});

alertChannelContract("webhook", {
  protocol: webhookProtocol(SECRET),
  make: ({ url, ...rest }) =>
    webhookChannel({ url: `${url}/hook`, secret: SECRET, clock: new ManualClock(), ...rest }),
  dispatch: { Webhook: {} },
  secrets: [SECRET],
  refusals: [],
});
