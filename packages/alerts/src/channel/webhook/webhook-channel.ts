import type { Clock } from "@scouter/contracts";
import { errors } from "../../errors.ts";
import type { AlertMessage } from "../../message/alert-message.ts";
import { boundedKey } from "../../message/bounded-key.ts";
import { clip } from "../../message/clip.ts";
import { messageText, messageTitle } from "../../message/message-text.ts";
import { windowLink } from "../../message/window-link.ts";
import { endpoint } from "../../request/endpoint.ts";
import { postJson } from "../../request/post-json.ts";
import type { RequestSettings } from "../../request/request-settings.ts";
import type { AlertChannel, Delivery } from "../alert-channel.ts";
import { webhookSignature } from "./webhook-signature.ts";

export interface WebhookSettings extends RequestSettings {
  readonly url: string;
  /** At least 32 characters; signs every request. */
  readonly secret: string;
  readonly clock: Pick<Clock, "now">;
}

const NAME = "webhook";
const SECRET_MINIMUM = 32;
const TEXT_LIMIT = 100_000;
const KEY_LIMIT = 512;
/** Of the alerts as JSON, in characters. */
const ALERTS_LIMIT = 200_000;

/**
 * Posts a document of a form that stays, signed so that a receiver knows who sent it and when.
 *
 * @throws `ALERTS_SETTING_INVALID`
 */
export function webhookChannel(settings: WebhookSettings): AlertChannel {
  const { secret, clock, publicUrl, timeoutMs } = settings;
  const { url, headers } = endpoint(NAME, settings.url);
  if (secret.length < SECRET_MINIMUM) {
    const allowed = `at least ${SECRET_MINIMUM} characters`;
    throw errors.ALERTS_SETTING_INVALID({ channel: NAME, setting: "the secret", allowed });
  }
  return {
    name: NAME,
    async deliver(delivery, signal) {
      const body = JSON.stringify(webhookDocument(delivery, publicUrl));
      const timestamp = String(Math.floor(clock.now() / 1000));
      const signed = {
        ...headers,
        "x-scouter-timestamp": timestamp,
        "x-scouter-signature": webhookSignature(secret, timestamp, body),
        // Names of features may hold what a header may not.
        "x-scouter-delivery": encodeURIComponent(
          boundedKey(delivery.dedupKey, KEY_LIMIT).toWellFormed(),
        ),
      };
      await postJson({ channel: NAME, url, headers: signed, body, signal, timeoutMs });
    },
  };
}

function webhookDocument({ dedupKey, message }: Delivery, publicUrl: string | undefined) {
  const { dispatch_config: _, incident_key: incident, window_id: windowId, ...told } = message;
  const alerts = alertsThatFit(message.alerts);
  return {
    type: "scouter.alert.v1",
    dedup_key: boundedKey(dedupKey, KEY_LIMIT),
    ...told,
    alerts,
    alerts_left_out: message.alerts.length - alerts.length,
    window_id: windowId ?? null,
    incident_key: incident ?? null,
    title: messageTitle(message),
    text: clip(messageText(message, "console"), TEXT_LIMIT),
    link: windowLink(message, publicUrl) ?? null,
  };
}

function alertsThatFit(alerts: AlertMessage["alerts"]): AlertMessage["alerts"] {
  let size = 0;
  const end = alerts.findIndex((alert) => (size += JSON.stringify(alert).length) > ALERTS_LIMIT);
  return end === -1 ? alerts : alerts.slice(0, end);
}
