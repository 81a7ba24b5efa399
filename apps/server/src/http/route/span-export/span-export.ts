import type { IncomingMessage } from "node:http";
import type { PayloadFormat } from "@scouter/lake";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { HttpConfig } from "../../../config/config.ts";
import { errors } from "../../../errors.ts";
import type { Ingest } from "../../../ingest/ingest.ts";
import { exportOutcome, exportReplyJson, exportReplyProtobuf } from "../../../otlp/export-reply.ts";
import { rpcStatusBytes, rpcStatusJson } from "../../../rpc/rpc-status.ts";
import { contentEncodingOf } from "../../body/content-encoding.ts";
import { readBody } from "../../body/read-body.ts";
import { prepareErrorReply } from "../../frame.ts";

const formatOfType: Readonly<Record<string, PayloadFormat>> = {
  "application/x-protobuf": "otlp-protobuf",
  "application/protobuf": "otlp-protobuf",
  "application/json": "otlp-json",
};
const ALLOWED = "application/x-protobuf or application/json";

export interface SpanExportRoute {
  readonly url: string;
  readonly ingest: Ingest;
  readonly limits: Pick<HttpConfig, "maxBodyBytes">;
  /** Fields that this address adds to JSON replies. */
  readonly extraReply?: object;
}

/**
 * `POST <url>`: OTLP over HTTP, protobuf or JSON, answered in the encoding of the request. The body is not decoded
 * here, not even inflated: that is the lake worker's work, off this thread.
 */
export function spanExportRoute(app: FastifyInstance, route: SpanExportRoute): void {
  void app.register(async (own) => {
    own.removeAllContentTypeParsers();
    own.addContentTypeParser(
      Object.keys(formatOfType),
      (_request: FastifyRequest, payload: IncomingMessage) =>
        readBody(payload, route.limits.maxBodyBytes),
    );
    // Without a body, or with a type of its own, a request gets as far as the handler, which names the types.
    own.addContentTypeParser("*", async () => undefined);
    own.setErrorHandler(sendStatus);
    own.post(route.url, { schema: { hide: true } }, async (request, reply) => {
      const { format, body, contentEncoding } = exportOf(request);
      const outcome = exportOutcome(await route.ingest.spans({ body, format, contentEncoding }));
      return format === "otlp-protobuf"
        ? reply.type("application/x-protobuf").send(Buffer.from(exportReplyProtobuf(outcome)))
        : reply.send({ ...exportReplyJson(outcome), ...route.extraReply });
    });
  });
}

function exportOf(request: FastifyRequest) {
  const format = formatOf(request);
  if (format === undefined) {
    const given = request.headers["content-type"] ?? "";
    throw errors.SERVER_CONTENT_TYPE_UNSUPPORTED({ given, allowed: ALLOWED });
  }
  const contentEncoding = contentEncodingOf(request.headers["content-encoding"]);
  return { format, contentEncoding, body: (request.body as Uint8Array | undefined) ?? NO_BODY };
}

/** An empty protobuf message is a valid request with no spans. */
const NO_BODY = new Uint8Array(0);

function formatOf(request: FastifyRequest): PayloadFormat | undefined {
  const type = (request.headers["content-type"] ?? "").split(";", 1)[0] ?? "";
  return formatOfType[type.trim().toLowerCase()];
}

function sendStatus(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = prepareErrorReply(error, request, reply);
  if (formatOf(request) === "otlp-protobuf") {
    void reply.type("application/x-protobuf").send(Buffer.from(rpcStatusBytes(problem)));
  } else {
    void reply.type("application/json").send(JSON.stringify(rpcStatusJson(problem)));
  }
}
