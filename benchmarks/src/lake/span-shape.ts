import { randomBytes } from "node:crypto";
import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import {
  exportRequest,
  otlpAttributes,
  type OtlpSpan,
  spanIdBytes,
  traceIdBytes,
} from "@scouter/testkit/otlp/export-request";

/**
 * The shape of span that Jaeger's storage benchmark writes: traces of 10 spans over 50 services of 20 operations each,
 * 11 attributes a span (eight texts, three integers; three of them with very many values), no events.
 *
 * `bulkSpansSql` says the same in SQL: keep both alike.
 */
export const SPANS_PER_TRACE = 10;
export const SERVICES = 50;
export const OPERATIONS = 20;
export const USERS = 100_000;
export const METHODS = ["GET", "POST", "PUT", "DELETE"];
export const AGENTS = [
  "okhttp/4.12.0",
  "curl/8.5.0",
  "python-requests/2.32.3",
  "Go-http-client/2.0",
];

/** No span id is the end of a trace id, and the first half of its bytes is free. */
const FIRST_SPAN = 2 ** 31;

/** Numbers that look drawn at random, the same every time. */
function scattered(number: number, below: number): number {
  return Math.floor(((Math.imul(number, 2_654_435_761) >>> 0) / 2 ** 32) * below);
}

function spanOf(serial: number, startNano: bigint): OtlpSpan {
  const trace = Math.floor(serial / SPANS_PER_TRACE);
  const position = serial % SPANS_PER_TRACE;
  const pick = (salt: number, below: number) => scattered(serial * 31 + salt, below);
  const operation = pick(1, OPERATIONS);
  const user = pick(2, USERS);
  const failed = pick(3, 100) < 5;
  return {
    traceId: traceIdBytes(trace + 1),
    spanId: spanIdBytes(FIRST_SPAN + serial),
    ...(position === 0 ? {} : { parentSpanId: spanIdBytes(FIRST_SPAN + serial - position) }),
    name: `operation-${operation}`,
    kind: 1 + pick(4, 5),
    startTimeUnixNano: startNano,
    endTimeUnixNano: startNano + BigInt(50 + pick(5, 450)) * 1_000_000n,
    status: failed ? { code: 2, message: "Internal Server Error" } : { code: 0 },
    flags: 1,
    attributes: otlpAttributes({
      "http.request.method": METHODS[pick(6, METHODS.length)] ?? "",
      "http.response.status_code": failed ? 500n : 200n,
      "http.route": `/api/v1/resource-${operation}/{id}`,
      "url.path": `/api/v1/resource-${operation}/${pick(7, 1_000_000)}`,
      "server.address": `service-${trace % SERVICES}.internal`,
      "server.port": 8_443n,
      "client.address": `10.0.${pick(8, 256)}.${pick(9, 256)}`,
      "network.protocol.version": "1.1",
      "user_agent.original": AGENTS[pick(10, AGENTS.length)] ?? "",
      "user.id": `user-${user}`,
      "thread.id": BigInt(pick(11, 64)),
    }),
  };
}

/** One encoded export request of a service, whose ids and times can be replaced in place. */
export interface RequestTemplate {
  /** The request with ids of its own: eight bytes that no other request has go over the beginning of every id. */
  next(mark: Buffer): Buffer<ArrayBuffer>;
}

/** Marks that are all different, in this process and, as good as surely, in others. */
export function requestMarks(): () => Buffer {
  const mark = randomBytes(8);
  let count = mark.readUInt32BE(0);
  return () => {
    count = (count + 1) >>> 0;
    mark.writeUInt32BE(Math.imul(count, 2_654_435_761) >>> 0, 0);
    return mark;
  };
}

/** Encoding anew for every request would measure the encoder; so would one request measure a best case of repetition. */
export function requestTemplates(count: number, spansPerRequest: number): RequestTemplate[] {
  return Array.from({ length: count }, (_, index) => requestTemplate(index, spansPerRequest));
}

function requestTemplate(index: number, spansPerRequest: number): RequestTemplate {
  const first = index * spansPerRequest;
  const nowNano = BigInt(Date.now()) * 1_000_000n;
  const spans = Array.from({ length: spansPerRequest }, (_, position) =>
    spanOf(first + position, nowNano + BigInt(position) * 1_000_000n),
  );
  const resource = {
    "service.name": `service-${index % SERVICES}`,
    "service.version": "1.4.2",
    "host.name": `host-${index % 20}`,
  };
  const bytes = Buffer.from(exportRequestProtobuf(exportRequest(spans, { resource })));
  const places = placesOfIds(bytes, spans);
  return {
    next(mark) {
      const copy = Buffer.from(new Uint8Array(bytes).buffer);
      for (const { at, length } of places) mark.copy(copy, at, 0, length);
      return copy;
    },
  };
}

/** The first half of an id's bytes: the number within the request is in the other. */
function placesOfIds(bytes: Buffer, spans: readonly OtlpSpan[]) {
  const places = new Map<number, { readonly at: number; readonly length: number }>();
  for (const { traceId, spanId } of spans) {
    for (const id of [traceId, spanId]) {
      if (id === undefined) continue;
      const length = id.length / 2;
      for (let at = bytes.indexOf(id); at >= 0; at = bytes.indexOf(id, at + 1)) {
        places.set(at, { at, length });
      }
    }
  }
  return [...places.values()];
}
