import {
  parkedMessagePage,
  producerPage,
  serviceDelivery,
  type ParkedMessageJson,
  type ProducerAccountJson,
  type ServiceDeliveryJson,
} from "@scouter/contracts";
import type {
  ParkedMessage,
  ProducerAccount,
  ReportedItems,
  ServiceAccount,
} from "@scouter/database";
import { z } from "zod";
import { errors } from "../../../errors.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";

const tags = ["delivery"];
const limit = z.coerce.number().int().min(1).max(1000).default(50);
const producersQuery = z.object({
  service: z.string().min(1).max(200).optional(),
  limit,
  cursor: z.string().min(1).optional(),
});
const rowId = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const parkedQuery = z.object({ limit, cursor: rowId.optional() });

/** `GET /scouter/v2/delivery/...`: what apps sent, what of it arrived, and messages of brokers that were put aside. */
export function deliveryRoutes(app: JsonRoutes, { database }: ApiParts): void {
  app.get(
    "/scouter/v2/delivery/services",
    { schema: { tags, response: { 200: z.object({ items: z.array(serviceDelivery) }) } } },
    async () => ({ items: (await database.producers.services()).map(serviceJson) }),
  );

  app.get(
    "/scouter/v2/delivery/producers",
    { schema: { tags, querystring: producersQuery, response: { 200: producerPage } } },
    async (request) => {
      const { service, limit: size, cursor } = request.query;
      const after = cursor === undefined ? undefined : readCursor(cursor);
      const found = await database.producers.list({ limit: size, service, after });
      const last = found.length < size ? undefined : found.at(-1);
      return {
        items: found.map(producerJson),
        next_cursor: last === undefined ? null : cursorOf(last),
      };
    },
  );

  app.get(
    "/scouter/v2/delivery/parked",
    { schema: { tags, querystring: parkedQuery, response: { 200: parkedMessagePage } } },
    async (request) => {
      const { limit: size, cursor: before } = request.query;
      const found = await database.parkedMessages.list({ limit: size, before });
      const last = found.length < size ? undefined : found.at(-1);
      return {
        items: found.map(parkedJson),
        next_cursor: last === undefined ? null : String(last.id),
      };
    },
  );

  app.get(
    "/scouter/v2/delivery/parked/:id/payload",
    { schema: { tags, params: z.object({ id: rowId }) } },
    async (request, response) => {
      const { id } = request.params;
      const payload = await database.parkedMessages.payload(id);
      if (payload === undefined) throw errors.SERVER_PARKED_PAYLOAD_UNKNOWN({ id });
      // Whatever somebody sent: never shown as a page.
      return response
        .header("content-type", "application/octet-stream")
        .header("content-disposition", "attachment")
        .send(Buffer.from(payload));
    },
  );
}

function producerJson(account: ProducerAccount): ProducerAccountJson {
  const { missing, report } = account;
  return {
    producer: account.producer,
    service: account.service,
    first_seen: account.firstSeen,
    last_seen: account.lastSeen,
    messages: account.messages,
    repeated_messages: account.repeats,
    committed: account.committed,
    rejected: account.refused,
    last_sequence: account.lastSequence,
    missing: {
      messages: missing.messages,
      ranges: missing.ranges.map(([first, last]): [number, number] => [first, last]),
    },
    complete_through: account.completeThrough,
    reported:
      report === null ? null : { ...reportedJson(report), as_of_sequence: report.asOfSequence },
  };
}

function serviceJson(account: ServiceAccount): ServiceDeliveryJson {
  return {
    service: account.service,
    producers: account.producers,
    messages: account.messages,
    repeated_messages: account.repeats,
    committed: account.committed,
    rejected: account.refused,
    last_seen: account.lastSeen,
    reported: reportedJson(account.report),
  };
}

function reportedJson(report: ReportedItems) {
  return {
    offered: report.offered,
    sampled_out: report.sampledOut,
    dropped_full: report.droppedFull,
    dropped_invalid: report.droppedInvalid,
    dropped_closed: report.droppedClosed,
  };
}

function parkedJson(message: ParkedMessage): ParkedMessageJson {
  const { id, broker, origin, code, reason } = message;
  return {
    id,
    broker,
    origin,
    code,
    reason,
    size_bytes: message.sizeBytes,
    has_payload: message.hasPayload,
    parked_at: message.parkedAt,
  };
}

/** Opaque to callers. */
function cursorOf({ lastSeen, producer }: ProducerAccount): string {
  return Buffer.from(`${lastSeen} ${producer}`).toString("base64url");
}

function readCursor(cursor: string): { readonly lastSeen: string; readonly producer: string } {
  const text = Buffer.from(cursor, "base64url").toString();
  const [, lastSeen, producer] = /^(\S+) (.*)$/s.exec(text) ?? [];
  if (lastSeen === undefined || producer === undefined || Number.isNaN(Date.parse(lastSeen))) {
    throw errors.SERVER_DELIVERY_CURSOR_INVALID({ cursor });
  }
  return { lastSeen, producer };
}
