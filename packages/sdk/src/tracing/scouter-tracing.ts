import type { Tracer } from "@opentelemetry/api";
import type { TracerProvider } from "@opentelemetry/sdk-trace";
import { SDK_VERSION } from "../version.ts";
import { scouterAttributes } from "./attribute-keys.ts";
import { tracingPeers, type PeerPackages } from "./peer-packages.ts";

export interface ScouterTracingOptions {
  /** Becomes the resource attribute `service.name`. */
  readonly serviceName: string;
  /** Where spans go (OTLP over HTTP, protobuf), default `http://localhost:4318/v1/traces`. */
  readonly endpoint?: string;
  /** Sent as `Authorization: Bearer`; a function is asked at each export, such as `() => client.accessToken()`. */
  readonly token?: string | (() => string | Promise<string>);
  readonly resourceAttributes?: Readonly<Record<string, string | number | boolean>>;
  readonly batch?: {
    /** Spans held; the processor drops further ones. Default 2,048. */
    readonly maxQueueSize?: number;
    /** Spans per request, default 512. */
    readonly maxExportBatchSize?: number;
    /** Longest wait of a span before it is sent, default 5,000. */
    readonly scheduledDelayMs?: number;
    /** Limit of one request with its retries, default 10,000. */
    readonly timeoutMs?: number;
  };
  /** Make the provider and the context manager the process's own, default true. */
  readonly registerGlobally?: boolean;
}

export interface ScouterTracing {
  readonly provider: TracerProvider;
  /** `name`: the instrumentation scope, default the service's name. */
  tracer(name?: string, version?: string): Tracer;
  /** Sends finished spans now. */
  forceFlush(): Promise<void>;
  /** Flushes, then stops; takes back what was registered globally. Idempotent. */
  shutdown(): Promise<void>;
}

/**
 * Sets up OpenTelemetry's own SDK to send spans to Scouter: batches, exporter, and a context that follows async calls.
 * Call it before the first span; spans started earlier are not recorded.
 *
 * @throws SDK_PEER_MISSING
 */
export async function scouterTracing(options: ScouterTracingOptions): Promise<ScouterTracing> {
  const peers = await tracingPeers();
  const provider = tracerProvider(peers, options);
  const unregister = options.registerGlobally === false ? () => {} : register(peers, provider);
  let shutdown: Promise<void> | undefined;
  return {
    provider,
    tracer: (name = options.serviceName, version = "") => provider.getTracer(name, version),
    forceFlush: () => provider.forceFlush(),
    shutdown: () => (shutdown ??= provider.shutdown().finally(unregister)),
  };
}

function tracerProvider(peers: PeerPackages, options: ScouterTracingOptions): TracerProvider {
  const { BatchSpanProcessor, TracerProvider } = peers["@opentelemetry/sdk-trace"];
  const { OTLPTraceExporter } = peers["@opentelemetry/exporter-trace-otlp-proto"];
  const { defaultResource, resourceFromAttributes } = peers["@opentelemetry/resources"];
  const { batch = {}, token, endpoint = "http://localhost:4318/v1/traces" } = options;
  const exporter = new OTLPTraceExporter({
    url: endpoint,
    timeoutMillis: batch.timeoutMs ?? 10_000,
    ...(token === undefined ? {} : { headers: () => authorization(token) }),
  });
  const processor = new BatchSpanProcessor({
    exporter,
    maxQueueSize: batch.maxQueueSize ?? 2_048,
    maxExportBatchSize: batch.maxExportBatchSize ?? 512,
    scheduledDelayMillis: batch.scheduledDelayMs ?? 5_000,
  });
  const resource = defaultResource().merge(
    resourceFromAttributes({
      [scouterAttributes.scope]: `scouter.tracer.${SDK_VERSION}`,
      ...options.resourceAttributes,
      "service.name": options.serviceName,
    }),
  );
  return new TracerProvider({ resource, spanProcessors: [processor] });
}

async function authorization(token: NonNullable<ScouterTracingOptions["token"]>) {
  const current = typeof token === "string" ? token : await token();
  return { authorization: `Bearer ${current}` };
}

/** @returns takes back what this call registered; an app's own earlier registration stays untouched */
function register(peers: PeerPackages, provider: TracerProvider): () => void {
  const { context, trace } = peers["@opentelemetry/api"];
  const { AsyncLocalStorageContextManager } = peers["@opentelemetry/context-async-hooks"];
  const contextManager = new AsyncLocalStorageContextManager().enable();
  const hasContext = context.setGlobalContextManager(contextManager);
  const hasProvider = trace.setGlobalTracerProvider(provider);
  if (!hasContext) contextManager.disable();
  return () => {
    if (hasProvider) trace.disable();
    if (hasContext) context.disable();
  };
}
