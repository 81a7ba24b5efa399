import { randomBytes } from "node:crypto";

/** An OTLP/JSON export request with fresh ids, and the ids that it holds. */
export interface ExportRequest {
  readonly body: string;
  readonly spans: readonly { readonly traceId: string; readonly spanId: string }[];
}

export interface ExportRequestOptions {
  readonly spanCount?: number;
  readonly serviceName?: string;
  readonly startTimeMs?: number;
}

/** One trace: a root and its children, with the attributes that a plain instrumented service has. */
export function exportRequest(options: ExportRequestOptions = {}): ExportRequest {
  const { spanCount = 10, serviceName = "checkout", startTimeMs = Date.now() } = options;
  const traceId = randomBytes(16).toString("hex");
  const spanIds = Array.from({ length: spanCount }, () => randomBytes(8).toString("hex"));
  const spans = spanIds.map((spanId, index) => ({
    traceId,
    spanId,
    parentSpanId: index === 0 ? "" : spanIds[0],
    name: index === 0 ? "POST /checkout" : `step ${index}`,
    kind: index === 0 ? 2 : 1,
    startTimeUnixNano: String(BigInt(startTimeMs + index) * 1_000_000n),
    endTimeUnixNano: String(BigInt(startTimeMs + index + 5) * 1_000_000n),
    attributes: [
      { key: "http.request.method", value: { stringValue: "POST" } },
      { key: "http.response.status_code", value: { intValue: "200" } },
    ],
    status: { code: 1 },
  }));
  const body = JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: serviceName } }] },
        scopeSpans: [{ scope: { name: "checkout", version: "1.0.0" }, spans }],
      },
    ],
  });
  return { body, spans: spans.map((span) => ({ traceId: span.traceId, spanId: span.spanId })) };
}
