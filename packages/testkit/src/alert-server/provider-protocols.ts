import { createHmac } from "node:crypto";
import type { AlertProtocol, AlertServerAnswer, AlertServerRequest } from "./alert-server.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Slack's `chat.postMessage`: failures have status 200. */
export function slackProtocol(token: string): AlertProtocol {
  return {
    path: "/api/chat.postMessage",
    answer(request) {
      const { channel } = fields(request.body);
      if (request.headers.authorization !== `Bearer ${token}`) return slackNo("invalid_auth");
      if (typeof channel !== "string" || channel === "") return slackNo("channel_not_found");
      return blocksAreGood(request)
        ? json(200, { ok: true, ts: "1.2" })
        : slackNo("invalid_blocks");
    },
    keyOf: ({ body }) => at(body, "metadata", "event_payload", "dedup_key"),
  };
}

export const SLACK_WEBHOOK_PATH = "/services/T000/B000/slack-webhook-secret";

/** A Slack incoming webhook: plain texts, and no place for a key but the ids of blocks. */
export const slackWebhookProtocol: AlertProtocol = {
  path: SLACK_WEBHOOK_PATH,
  answer: (request) =>
    blocksAreGood(request) ? { status: 200, body: "ok" } : { status: 400, body: "invalid_blocks" },
  keyOf: ({ body }) => blocksOf(body).find((block) => "block_id" in block)?.["block_id"],
};

/** OpsGenie's Alert API. */
export function opsGenieProtocol(apiKey: string): AlertProtocol {
  return {
    path: "/v2/alerts",
    answer({ headers, body }) {
      const { message, alias, description, priority } = fields(body);
      if (headers.authorization !== `GenieKey ${apiKey}`) return json(403, { message: "no" });
      const good =
        isText(message, 1, 130) &&
        isText(alias, 1, 512) &&
        isText(description, 1, 15_000) &&
        /^P[1-5]$/.test(String(priority));
      return good ? json(202, { result: "Request will be processed" }) : json(422, {});
    },
    keyOf: ({ body }) => fields(body)["alias"],
  };
}

/** PagerDuty's Events API v2. */
export function pagerDutyProtocol(routingKey: string): AlertProtocol {
  return {
    path: "/v2/enqueue",
    answer({ body, text }) {
      const { routing_key: key, event_action: action, dedup_key: dedupKey, payload } = fields(body);
      const { summary, source, severity } = fields(payload);
      const payloadIsGood =
        isText(summary, 1, 1024) &&
        isText(source, 1, 1024) &&
        ["critical", "error", "warning", "info"].includes(String(severity));
      const good =
        key === routingKey &&
        text.length <= 512_000 &&
        isText(dedupKey, 1, 255) &&
        (action === "resolve" || (action === "trigger" && payloadIsGood));
      return good
        ? json(202, { status: "success", message: "Event processed", dedup_key: dedupKey })
        : json(400, { status: "invalid event", errors: [routingKey] });
    },
    keyOf: ({ body }) => fields(body)["dedup_key"],
  };
}

/** Alertmanager's API v2. */
export const alertmanagerProtocol: AlertProtocol = {
  path: "/api/v2/alerts",
  answer({ body }) {
    const alerts = Array.isArray(body) ? body.map(fields) : [];
    const good = alerts.every(({ labels, annotations, startsAt, endsAt }) => {
      const [from, to] = [Date.parse(String(startsAt)), Date.parse(String(endsAt))];
      const texts = [...Object.values(fields(labels)), ...Object.values(fields(annotations))];
      return isText(at(labels, "alertname"), 1, 200) && texts.every(isString) && to >= from;
    });
    return good && alerts.length > 0 ? { status: 200, body: "" } : json(400, { message: "bad" });
  },
  keyOf: ({ body }) => at(Array.isArray(body) ? body[0] : undefined, "labels", "incident"),
};

/** A receiver that checks the signature as our documentation says, on its own. */
export function webhookProtocol(secret: string): AlertProtocol {
  return {
    path: "/hook",
    answer({ headers, text, body }) {
      const timestamp = String(headers["x-scouter-timestamp"]);
      const signed = createHmac("sha256", secret).update(`v1.${timestamp}.${text}`).digest("hex");
      if (headers["x-scouter-signature"] !== `v1=${signed}`) return json(401, { secret });
      const { type, dedup_key: key } = fields(body);
      const isSame = decodeURIComponent(String(headers["x-scouter-delivery"])) === key;
      const good = type === "scouter.alert.v1" && isSame && text.length <= 1_000_000;
      return good ? { status: 204, body: "" } : json(400, {});
    },
    keyOf: ({ body }) => fields(body)["dedup_key"],
  };
}

/** The limits of Block Kit that our messages could break. */
function blocksAreGood({ body }: AlertServerRequest): boolean {
  const blocks = blocksOf(body);
  const good = blocks.every((block) => {
    const isSection = block["type"] === "section";
    const id = block["block_id"];
    return (
      isText(at(block, "text", "text"), 1, isSection ? 3000 : 150) &&
      (id === undefined || isText(id, 1, 255))
    );
  });
  return good && blocks.length > 0 && blocks.length <= 50;
}

function blocksOf(body: unknown): readonly Fields[] {
  const { blocks } = fields(body);
  return Array.isArray(blocks) ? blocks.map(fields) : [];
}

function slackNo(error: string): AlertServerAnswer {
  return json(200, { ok: false, error });
}

function json(status: number, body: object): AlertServerAnswer {
  return { status, body: JSON.stringify(body) };
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((inner, key) => fields(inner)[key], value);
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isText(value: unknown, minimum: number, maximum: number): boolean {
  return isString(value) && value.length >= minimum && value.length <= maximum;
}
