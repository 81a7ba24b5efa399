import {
  type Attributes,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from "@opentelemetry/api";
import { isScouterError } from "@scouter/contracts";
import { attribute } from "./genai-attributes.ts";

/**
 * Runs `work` as the active span's only job: the span ends with it, and a failure leaves status, `error.type` and an
 * exception event on the span before it goes on to the caller.
 */
export type Traced = <Result>(
  name: string,
  options: { readonly kind?: SpanKind; readonly attributes: Attributes },
  work: (span: Span) => Promise<Result>,
) => Promise<Result>;

/** @param onEnd told of every span right after its end */
export function tracedBy(tracer: Tracer, onEnd: (span: Span) => void): Traced {
  return (name, { kind = SpanKind.INTERNAL, attributes }, work) =>
    tracer.startActiveSpan(name, { kind, attributes }, async (span) => {
      try {
        return await work(span);
      } catch (error) {
        recordFailure(span, error);
        throw error;
      } finally {
        span.end();
        onEnd(span);
      }
    });
}

function recordFailure(span: Span, error: unknown): void {
  const cause = error instanceof Error ? error : new Error(String(error));
  span.recordException(cause);
  span.setAttribute(attribute.errorType, isScouterError(cause) ? cause.code : cause.name);
  span.setStatus({ code: SpanStatusCode.ERROR, message: cause.message });
}
