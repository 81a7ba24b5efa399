import { endpoint } from "../../request/endpoint.ts";
import { postJson } from "../../request/post-json.ts";
import type { RequestSettings } from "../../request/request-settings.ts";
import { errors } from "../../errors.ts";
import type { AlertChannel } from "../alert-channel.ts";
import { slackBlocks } from "./slack-blocks.ts";

export interface SlackWebhookSettings extends RequestSettings {
  /** The incoming webhook's URL: whoever knows it may post. */
  readonly webhookUrl: string;
}

const NAME = "slack";

/** Posts to the one channel that an incoming webhook belongs to, whatever channel the profile names. */
export function slackWebhookChannel({
  webhookUrl,
  publicUrl,
  timeoutMs,
}: SlackWebhookSettings): AlertChannel {
  const { url, headers } = endpoint(NAME, webhookUrl);
  return {
    name: NAME,
    async deliver(delivery, signal) {
      const body = JSON.stringify(slackBlocks(delivery, publicUrl));
      const answer = await postJson({ channel: NAME, url, headers, body, signal, timeoutMs });
      if (answer.trim() === "ok") return;
      const reason = "the answer is not that of an incoming webhook";
      throw errors.ALERTS_ANSWER_UNREADABLE({ channel: NAME, reason });
    },
  };
}
