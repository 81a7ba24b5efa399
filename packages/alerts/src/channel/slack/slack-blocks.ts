import { boundedKey } from "../../message/bounded-key.ts";
import { clip } from "../../message/clip.ts";
import { messageText, messageTitle } from "../../message/message-text.ts";
import { windowLink } from "../../message/window-link.ts";
import type { AlertEvent } from "../../message/alert-message.ts";
import type { Delivery } from "../alert-channel.ts";

/** Limits of Slack's Block Kit, in characters: text of a section, id of a block. */
const SECTION_LIMIT = 3000;
const BLOCK_ID_LIMIT = 255;

const HEADERS: Readonly<Record<AlertEvent, string>> = {
  trigger: ":rotating_light: Drift Detected :rotating_light:",
  resolve: ":white_check_mark: Drift Resolved :white_check_mark:",
  test: ":bell: Test :bell:",
  regression: ":chart_with_downwards_trend: Offline Evaluation",
};

/**
 * The message in Block Kit; `text` is what notifications show. The key stands in the id of the last section: incoming
 * webhooks have no other place for it.
 */
export function slackBlocks({ dedupKey, message }: Delivery, publicUrl: string | undefined) {
  const { event, name, space, version } = message;
  const link = windowLink(message, publicUrl);
  const parts = [name, space, version].map(escapeMrkdwn);
  const description = messageText(message, "slack");
  return {
    text: mrkdwn(messageTitle(message)),
    blocks: [
      { type: "header", text: { type: "plain_text", text: HEADERS[event], emoji: true } },
      section(clipMarkup(`*Name*: ${parts[0]} *Space*: ${parts[1]} *Version*: ${parts[2]}`)),
      { ...section(mrkdwn(description)), block_id: boundedKey(dedupKey, BLOCK_ID_LIMIT) },
      ...(link === undefined
        ? []
        : [section(`<${link}|Open the ${event === "regression" ? "run" : "window"}>`)]),
    ],
  };
}

function section(text: string) {
  return { type: "section", text: { type: "mrkdwn", text } };
}

function mrkdwn(text: string): string {
  return clipMarkup(escapeMrkdwn(text));
}

/** Names come from users: without this a feature called `<!channel>` would call everybody. */
function escapeMrkdwn(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A cut may fall into an entity; its rest would be shown as it is. */
function clipMarkup(text: string): string {
  return clip(text, SECTION_LIMIT).replace(/&[a-z]{0,3}(?= … \(\d+ more characters\)$)/, "");
}
