import type { AlertEvent } from "../../message/alert-message.ts";
import { clip } from "../../message/clip.ts";
import { messageText, messageTitle } from "../../message/message-text.ts";
import { windowLink } from "../../message/window-link.ts";
import { endpoint } from "../../request/endpoint.ts";
import { postJson } from "../../request/post-json.ts";
import type { RequestSettings } from "../../request/request-settings.ts";
import type { AlertChannel, Delivery } from "../alert-channel.ts";

export interface AlertmanagerSettings extends RequestSettings {
  /** Where Alertmanager, or what speaks its API v2, begins; `user:password@` becomes basic authentication. */
  readonly baseUrl: string;
}

const NAME = "alertmanager";
const TEXT_LIMIT = 15_000;
/** An alert whose end is not told counts as over when this has passed: Alertmanager forgets nothing by itself. */
const HOLD_MS = 7 * 86_400_000;
const TEST_HOLD_MS = 600_000;
/** A run has no end that could be told; the next night's tells again. */
const REGRESSION_HOLD_MS = 86_400_000;

const HOLDS_MS: Readonly<Record<AlertEvent, number>> = {
  trigger: HOLD_MS,
  resolve: 0,
  test: TEST_HOLD_MS,
  regression: REGRESSION_HOLD_MS,
};

const ALERT_NAMES: Readonly<Record<AlertEvent, string>> = {
  trigger: "ScouterDrift",
  resolve: "ScouterDrift",
  test: "ScouterTest",
  regression: "ScouterRegression",
};

/** One alert with the same labels from its opening to its end: they are what Alertmanager knows it by. */
export function alertmanagerChannel({
  baseUrl,
  publicUrl,
  timeoutMs,
}: AlertmanagerSettings): AlertChannel {
  const { url, headers } = endpoint(NAME, `${baseUrl}/api/v2/alerts`);
  return {
    name: NAME,
    async deliver(delivery, signal) {
      const body = JSON.stringify([alertmanagerAlert(delivery, publicUrl)]);
      await postJson({ channel: NAME, url, headers, body, signal, timeoutMs });
    },
  };
}

function alertmanagerAlert({ dedupKey, message }: Delivery, publicUrl: string | undefined) {
  const { event, space, name, version, profile_uid: uid, drift_type: kind } = message;
  const { incident_key: incident = dedupKey, window_end: startsAt } = message;
  const holdMs = HOLDS_MS[event];
  const link = windowLink(message, publicUrl);
  const [first] = message.alerts;
  return {
    labels: {
      alertname: ALERT_NAMES[event],
      space,
      name,
      version,
      profile_uid: uid,
      drift_type: kind,
      incident,
      ...(first === undefined ? {} : { feature: first.entity_name }),
    },
    annotations: {
      summary: messageTitle(message),
      description: clip(messageText(message, "opsgenie"), TEXT_LIMIT),
      delivery: dedupKey,
    },
    startsAt,
    endsAt: new Date(Date.parse(startsAt) + holdMs).toISOString(),
    ...(link === undefined ? {} : { generatorURL: link }),
  };
}
