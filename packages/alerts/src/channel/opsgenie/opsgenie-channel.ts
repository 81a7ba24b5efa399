import { boundedKey } from "../../message/bounded-key.ts";
import { clip } from "../../message/clip.ts";
import { messageText, messageTitle } from "../../message/message-text.ts";
import { windowLink } from "../../message/window-link.ts";
import { endpoint } from "../../request/endpoint.ts";
import { postJson } from "../../request/post-json.ts";
import type { RequestSettings } from "../../request/request-settings.ts";
import type { AlertChannel, Delivery } from "../alert-channel.ts";
import { opsGeniePriority } from "./opsgenie-priority.ts";

export interface OpsGenieSettings extends RequestSettings {
  /** Of an API integration that may create alerts. */
  readonly apiKey: string;
  /** The whole address of the alert API, such as `https://api.opsgenie.com/v2/alerts`. */
  readonly alertsUrl: string;
}

const NAME = "opsgenie";
/** Limits of the Alert API, in characters. */
const MESSAGE_LIMIT = 130;
const DESCRIPTION_LIMIT = 15_000;
const ALIAS_LIMIT = 512;

/** Creates an alert for the profile's team; the alias makes a repeat count on the alert that is there. */
export function opsGenieChannel({
  apiKey,
  alertsUrl,
  publicUrl,
  timeoutMs,
}: OpsGenieSettings): AlertChannel {
  const { url } = endpoint(NAME, alertsUrl);
  const headers = { authorization: `GenieKey ${apiKey}` };
  return {
    name: NAME,
    async deliver(delivery, signal) {
      const body = JSON.stringify(opsGenieAlert(delivery, publicUrl));
      await postJson({ channel: NAME, url, headers, body, signal, timeoutMs });
    },
  };
}

function opsGenieAlert({ dedupKey, message }: Delivery, publicUrl: string | undefined) {
  const { dispatch_config: dispatch } = message;
  const { team, priority } = "OpsGenie" in dispatch ? dispatch.OpsGenie : DEFAULT_TARGET;
  const link = windowLink(message, publicUrl);
  const teams = team === "" ? [] : [{ name: team, type: "team" }];
  return {
    message: clip(messageTitle(message), MESSAGE_LIMIT),
    alias: boundedKey(dedupKey, ALIAS_LIMIT),
    description: clip(messageText(message, "opsgenie"), DESCRIPTION_LIMIT),
    responders: teams,
    visibleTo: teams,
    tags: ["Model Drift", "Scouter"],
    priority: opsGeniePriority(priority),
    ...(link === undefined ? {} : { details: { window: link } }),
  };
}

const DEFAULT_TARGET = { team: "", priority: "P5" };
