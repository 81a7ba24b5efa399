import type { Json } from "@scouter/contracts";
import type { EvaluatedSpan } from "@scouter/evaluate";

/** The members of a finished span that are read; every version of OpenTelemetry's SDK has them, but for the parent. */
interface FinishedSpan {
  readonly name: string;
  spanContext(): { readonly traceId: string; readonly spanId: string };
  readonly parentSpanContext?: { readonly spanId: string };
  readonly parentSpanId?: string;
  readonly startTime: readonly [seconds: number, nanoseconds: number];
  readonly endTime: readonly [seconds: number, nanoseconds: number];
  readonly status: { readonly code: number; readonly message?: string };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource?: { readonly attributes: Readonly<Record<string, unknown>> };
}

const STATUS = ["Unset", "Ok", "Error"] as const;

/** A span of OpenTelemetry's SDK in the form that trace assertions read. */
export function capturedSpan(given: unknown): EvaluatedSpan {
  const span = given as FinishedSpan;
  const { traceId, spanId } = span.spanContext();
  const parentSpanId = span.parentSpanContext?.spanId ?? span.parentSpanId;
  const { message } = span.status;
  const service = span.resource?.attributes["service.name"];
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: span.name,
    serviceName: typeof service === "string" ? service : "",
    startTimeMs: milliseconds(span.startTime),
    endTimeMs: milliseconds(span.endTime),
    status: STATUS[span.status.code] ?? "Unset",
    ...(message === undefined ? {} : { statusMessage: message }),
    attributes: attributesOf(span.attributes),
  };
}

function milliseconds([seconds, nanoseconds]: FinishedSpan["startTime"]): number {
  return seconds * 1000 + nanoseconds / 1e6;
}

function attributesOf(given: Readonly<Record<string, unknown>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]): [string, Json][] => {
      if (value === undefined) return [];
      return [
        [
          key,
          value instanceof Uint8Array ? Buffer.from(value).toString("base64") : (value as Json),
        ],
      ];
    }),
  );
}
