import type { Span, Tracer } from "@opentelemetry/api";
import type { TracerProvider } from "@opentelemetry/sdk-trace";

export interface ScouterTracingOptions {
  /** Becomes the resource attribute `service.name`. */
  readonly serviceName: string;
  /** Where spans go (OTLP over HTTP, protobuf), default `http://localhost:4318/v1/traces`. */
  readonly endpoint?: string;
  readonly token?: string;
  readonly resourceAttributes?: Readonly<Record<string, string | number | boolean>>;
  readonly batch?: {
    /** Spans held; further ones are dropped by the processor. Default 2,048. */
    readonly maxQueueSize?: number;
    /** Spans per request, default 512. */
    readonly maxExportBatchSize?: number;
    /** Longest wait of a span before it is sent, default 5,000. */
    readonly scheduledDelayMs?: number;
    /** Limit of one request, default 10,000. */
    readonly timeoutMs?: number;
  };
  /** Make the provider and context manager the process's own, default true. */
  readonly registerGlobally?: boolean;
}

export interface ScouterTracing {
  readonly provider: TracerProvider;
  tracer(name: string, version?: string): Tracer;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

export declare function scouterTracing(options: ScouterTracingOptions): Promise<ScouterTracing>;

export declare function recordOnSpan(
  span: Span,
  record: { readonly recordUid: string; readonly entityUid: string },
): void;
