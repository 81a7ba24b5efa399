import {
  type ExportRequest,
  exportRequest,
  otlpAttributes,
  type OtlpSpan,
  spanIdBytes,
  traceIdBytes,
} from "./export-request.ts";

const SPANS_PER_TRACE = 10;
const FIRST_START_UNIX_NANO = 1_767_225_600_000_000_000n;
const NANOS_PER_SPAN = 1_000_000n;
const MODELS = ["small-1", "large-2", "vision-3"];
const ROUTES = ["/quote", "/cart", "/checkout", "/search", "/help"];

/**
 * A request as a service under load sends it: traces of 10 spans (a root and nine children), 11 attributes a span
 * (eight texts, two integers, one double, one of them a prompt of about 54 characters). The same for the same input.
 *
 * `firstTrace` (from 1) numbers the traces, so that requests with ranges apart hold different spans.
 */
export function typicalExport(options: {
  readonly spanCount: number;
  readonly firstTrace?: number;
}): ExportRequest {
  const firstTrace = options.firstTrace ?? 1;
  const spans = Array.from({ length: options.spanCount }, (_, index) =>
    typicalSpan(firstTrace + Math.floor(index / SPANS_PER_TRACE), index % SPANS_PER_TRACE),
  );
  return exportRequest(spans, {
    resource: {
      "service.name": "support-agent",
      "service.version": "1.4.2",
      "deployment.environment.name": "production",
    },
    scope: { name: "support.tracer", version: "1.0.0" },
  });
}

function typicalSpan(trace: number, position: number): OtlpSpan {
  const serial = trace * SPANS_PER_TRACE + position;
  const start = FIRST_START_UNIX_NANO + BigInt(serial) * NANOS_PER_SPAN;
  const isRoot = position === 0;
  return {
    traceId: traceIdBytes(trace),
    spanId: spanIdBytes(serial),
    ...(isRoot ? {} : { parentSpanId: spanIdBytes(trace * SPANS_PER_TRACE) }),
    name: isRoot ? "POST /chat" : `chat ${MODELS[position % MODELS.length]}`,
    kind: isRoot ? 2 : 3,
    startTimeUnixNano: start,
    endTimeUnixNano: start + BigInt(1 + (serial % 97)) * NANOS_PER_SPAN,
    status: { code: serial % 50 === 0 ? 2 : 1 },
    attributes: typicalAttributes(serial),
    flags: 1,
  };
}

function typicalAttributes(serial: number) {
  return otlpAttributes({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": MODELS[serial % MODELS.length] ?? "",
    "gen_ai.usage.input_tokens": BigInt(200 + (serial % 1_800)),
    "gen_ai.usage.output_tokens": BigInt(20 + (serial % 480)),
    "gen_ai.request.temperature": (serial % 10) / 10,
    "gen_ai.conversation.id": `conversation-${Math.floor(serial / 30)}`,
    "http.route": ROUTES[serial % ROUTES.length] ?? "",
    "session.id": `session-${serial % 10_007}`,
    "user.tier": serial % 4 === 0 ? "gold" : "basic",
    "gen_ai.prompt": `please compare offer ${serial} with the one of last week`,
  });
}
