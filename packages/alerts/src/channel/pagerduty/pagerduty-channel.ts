import { z } from "zod";
import { errors } from "../../errors.ts";
import { boundedKey } from "../../message/bounded-key.ts";
import { clip } from "../../message/clip.ts";
import { messageText, messageTitle } from "../../message/message-text.ts";
import { windowLink } from "../../message/window-link.ts";
import { endpoint } from "../../request/endpoint.ts";
import { postJson } from "../../request/post-json.ts";
import type { RequestSettings } from "../../request/request-settings.ts";
import type { AlertChannel, Delivery } from "../alert-channel.ts";

export interface PagerDutySettings extends RequestSettings {
  /** Integration key of a service, for Events API v2. */
  readonly routingKey: string;
  /** Where the Events API begins, such as `https://events.pagerduty.com`. */
  readonly eventsUrl: string;
}

const NAME = "pagerduty";
/** Limits of Events API v2: of the summary and the key in characters; the whole event may have 512 KB. */
const SUMMARY_LIMIT = 1024;
const KEY_LIMIT = 255;
const DETAILS_LIMIT = 100_000;
const accepted = z.looseObject({ status: z.literal("success") });

/** Triggers an incident for each alert, and resolves it when the alert is over. */
export function pagerDutyChannel({
  routingKey,
  eventsUrl,
  publicUrl,
  timeoutMs,
}: PagerDutySettings): AlertChannel {
  const { url } = endpoint(NAME, `${eventsUrl}/v2/enqueue`);
  return {
    name: NAME,
    async deliver(delivery, signal) {
      const event = { routing_key: routingKey, ...pagerDutyEvent(delivery, publicUrl) };
      const body = JSON.stringify(event);
      const answer = await postJson({ channel: NAME, url, body, signal, timeoutMs });
      if (isAccepted(answer)) return;
      const reason = "the answer is not PagerDuty's";
      throw errors.ALERTS_ANSWER_UNREADABLE({ channel: NAME, reason });
    },
  };
}

function pagerDutyEvent({ dedupKey, message }: Delivery, publicUrl: string | undefined) {
  const { event, incident_key: incident = dedupKey, dispatch_config: dispatch } = message;
  const key = boundedKey(incident, KEY_LIMIT);
  if (event === "resolve") return { event_action: "resolve", dedup_key: key };
  const { space, name, version, window_end: windowEnd, drift_type: kind } = message;
  const severity = "PagerDuty" in dispatch ? dispatch.PagerDuty.severity : undefined;
  const link = windowLink(message, publicUrl);
  const [first] = message.alerts;
  const of = first === undefined ? "" : `: ${first.entity_name}`;
  return {
    event_action: "trigger",
    dedup_key: key,
    payload: {
      summary: clip(`${messageTitle(message)}${of}`, SUMMARY_LIMIT),
      source: clip(`${space}/${name}/${version}`, SUMMARY_LIMIT),
      severity: severity ?? "warning",
      timestamp: windowEnd,
      class: kind,
      custom_details: {
        description: clip(messageText(message, "opsgenie"), DETAILS_LIMIT),
        delivery: boundedKey(dedupKey, SUMMARY_LIMIT),
      },
    },
    client: "Scouter",
    ...(link === undefined ? {} : { links: [{ href: link, text: "Open the window" }] }),
  };
}

function isAccepted(answer: string): boolean {
  try {
    return accepted.safeParse(JSON.parse(answer)).success;
  } catch {
    // Not even JSON.
    return false;
  }
}
