import type { IncomingMessage } from "node:http";
import { serverRecord, tagRecord } from "@scouter/contracts";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { deliveryReport } from "../../../message/delivery-report.ts";
import { messageIdentity } from "../../../message/message-identity.ts";
import { messageParts, storeMessage } from "../../../message/store-message.ts";
import { contentEncodingOf, inflated } from "../../body/content-encoding.ts";
import { readBody } from "../../body/read-body.ts";
import { mayWriteTo } from "../../../auth/may-write-to.ts";
import { principalOf } from "../../guard/request-principal.ts";
import { withZodSchemas } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import { messageReply } from "./message-reply.ts";

const rejectedItem = z.object({
  index: z.number().int(),
  uid: z.string().optional(),
  code: z.string(),
  message: z.string(),
  remedy: z.string().optional(),
});

const reply = z.object({
  status: z.enum(["success", "partial_success"]),
  message: z.string(),
  accepted: z.number().int(),
  rejected: z.array(rejectedItem),
});

const message = z.union([
  z.object({ records: z.array(serverRecord) }),
  z.object({ request: z.looseObject({ resourceSpans: z.array(z.looseObject({})) }) }),
  tagRecord,
]);

/**
 * `POST /scouter/message`, and its older name `/scouter/drift`: records, spans or a tag. The body is kept as bytes:
 * spans are parsed in another thread, and records one by one, so that a bad one is refused alone.
 */
export function messageRoutes(app: FastifyInstance, parts: ApiParts): void {
  const limits = parts.config.http;
  const ways = messageParts(parts);
  void app.register(async (plain) => {
    const own = withZodSchemas(plain);
    own.addContentTypeParser(
      "application/json",
      async (request: FastifyRequest, payload: IncomingMessage) => {
        const encoding = contentEncodingOf(request.headers["content-encoding"]);
        const body = await readBody(payload, limits.maxBodyBytes);
        return inflated(body, encoding, limits.maxInflatedBytes);
      },
    );
    for (const url of ["/scouter/message", "/scouter/drift"]) {
      own.post(
        url,
        {
          schema: { tags: ["ingest"], body: message, response: { 200: reply } },
          // The schema documents; what is checked is in `storeMessage`.
          validatorCompiler: () => () => true,
        },
        async (request, response) => {
          const bytes = (request.body as unknown as Uint8Array | undefined) ?? new Uint8Array(0);
          const header = (name: string) => request.headers[name]?.toString();
          const identity = messageIdentity(header);
          const report = deliveryReport(header);
          const refusalFor = mayWriteTo(principalOf(request), parts.profileSpaces);
          const incoming = { body: bytes, identity, report, refusalFor };
          const { status, body } = messageReply(await storeMessage(incoming, ways));
          return response.code(status as 200).send(body as z.output<typeof reply>);
        },
      );
    }
  });
}
