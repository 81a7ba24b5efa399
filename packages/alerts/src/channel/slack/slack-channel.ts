import { z } from "zod";
import { errors } from "../../errors.ts";
import { boundedKey } from "../../message/bounded-key.ts";
import { endpoint } from "../../request/endpoint.ts";
import { postJson } from "../../request/post-json.ts";
import type { RequestSettings } from "../../request/request-settings.ts";
import type { AlertChannel } from "../alert-channel.ts";
import { slackBlocks } from "./slack-blocks.ts";
import { slackError } from "./slack-error.ts";

export interface SlackSettings extends RequestSettings {
  /** Of a bot with the scope `chat:write`. */
  readonly token: string;
  /** Where the Web API begins, such as `https://slack.com/api`. */
  readonly apiUrl: string;
}

const NAME = "slack";
const METADATA_KEY_LIMIT = 512;
const answer = z.looseObject({ ok: z.boolean(), error: z.unknown().optional() });

/** Posts to the channel of the profile's dispatch_config with `chat.postMessage`. */
export function slackChannel({ token, apiUrl, publicUrl, timeoutMs }: SlackSettings): AlertChannel {
  const { url } = endpoint(NAME, `${apiUrl}/chat.postMessage`);
  const headers = { authorization: `Bearer ${token}` };
  return {
    name: NAME,
    async deliver(delivery, signal) {
      const { dedupKey, message } = delivery;
      const { dispatch_config: dispatch } = message;
      const body = JSON.stringify({
        channel: "Slack" in dispatch ? dispatch.Slack.channel : "",
        ...slackBlocks(delivery, publicUrl),
        metadata: {
          event_type: "scouter_alert",
          event_payload: { dedup_key: boundedKey(dedupKey, METADATA_KEY_LIMIT) },
        },
      });
      const text = await postJson({ channel: NAME, url, headers, body, signal, timeoutMs });
      const { ok, error } = readAnswer(text);
      if (!ok) throw slackError(NAME, error);
    },
  };
}

/** Slack answers most failures with status 200: the body decides. */
function readAnswer(text: string): z.output<typeof answer> {
  try {
    return answer.parse(JSON.parse(text));
  } catch {
    // Neither is shown: the text may be a page of a proxy.
    throw errors.ALERTS_ANSWER_UNREADABLE({ channel: NAME, reason: "the answer is not Slack's" });
  }
}
