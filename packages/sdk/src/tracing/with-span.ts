import {
  context,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
  type SpanKind,
  type Tracer,
} from "@opentelemetry/api";
import { scouterAttributes } from "./attribute-keys.ts";
import { captureStream, isAsyncGenerator, type StreamCapture } from "./capture/capture-stream.ts";
import type { CaptureLimits } from "./capture/capture-value.ts";
import { setInput, setOutput } from "./capture/set-input-output.ts";

export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** A word for people, beside the name. */
  readonly label?: string;
  /** Tags of the trace. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Kept as the span's input. */
  readonly input?: unknown;
  /** Keep what the work returns as the span's output, default false. */
  readonly captureOutput?: boolean;
  readonly limits?: CaptureLimits;
  /** What is kept of an async generator that the work returns, when outputs are captured; default `list`. */
  readonly stream?: StreamCapture;
  /** Default: the tracer `scouter` of the registered provider. */
  readonly tracer?: Tracer;
}

const SCOPE = "scouter";

/**
 * Runs work within a span of its own: active while it runs, ended when it ends, with an exception recorded and the status
 * ERROR when it throws or rejects (the error goes on to the caller). An async generator that the work returns keeps the
 * span open until it is used up, left or fails.
 */
export function withSpan<Result>(name: string, work: (span: Span) => Result): Result;
export function withSpan<Result>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Result,
): Result;
export function withSpan<Result>(
  name: string,
  optionsOrWork: SpanOptions | ((span: Span) => Result),
  givenWork?: (span: Span) => Result,
): Result {
  const options = typeof optionsOrWork === "function" ? {} : optionsOrWork;
  const work = typeof optionsOrWork === "function" ? optionsOrWork : givenWork;
  if (work === undefined) throw new TypeError("withSpan: expected the work as a function");
  const span = startSpan(name, options);
  const inSpan = trace.setSpan(context.active(), span);
  let result: Result;
  try {
    result = context.with(inSpan, () => work(span));
  } catch (error) {
    endWithError(span, error);
    throw error;
  }
  return ended(span, result, options, inSpan);
}

function startSpan(name: string, options: SpanOptions): Span {
  const { kind, attributes = {}, label, tags = {}, tracer = trace.getTracer(SCOPE) } = options;
  const tagAttributes = Object.entries(tags).map(([key, value]) => {
    return [scouterAttributes.tagPrefix + key, value];
  });
  const span = tracer.startSpan(name, {
    ...(kind === undefined ? {} : { kind }),
    attributes: {
      ...attributes,
      ...(Object.fromEntries(tagAttributes) as Attributes),
      ...(label === undefined ? {} : { [scouterAttributes.label]: label }),
    },
  });
  if (options.input !== undefined) setInput(span, options.input, options.limits);
  return span;
}

function ended<Result>(
  span: Span,
  result: Result,
  options: SpanOptions,
  inSpan: ReturnType<typeof context.active>,
): Result {
  if (isPromise(result)) return result.then(...settle(span, options)) as Result;
  if (isAsyncGenerator(result)) {
    const observed = captureStream(result, options.stream ?? "list", {
      run: (step) => context.with(inSpan, step),
      done: (items) => {
        if (options.captureOutput === true) setOutput(span, items, options.limits);
        span.end();
      },
      failed: (error) => endWithError(span, error),
    });
    return observed as Result;
  }
  if (options.captureOutput === true) setOutput(span, result, options.limits);
  span.end();
  return result;
}

function settle(span: Span, options: SpanOptions) {
  return [
    (value: unknown) => {
      if (options.captureOutput === true) setOutput(span, value, options.limits);
      span.end();
      return value;
    },
    (error: unknown) => {
      endWithError(span, error);
      throw error;
    },
  ] as const;
}

function endWithError(span: Span, error: unknown): void {
  const known = error instanceof Error ? error : new Error(String(error));
  span.recordException(known);
  span.setStatus({ code: SpanStatusCode.ERROR, message: `${known.name}: ${known.message}` });
  span.end();
}

function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise;
}
