import type { Tracer } from "@opentelemetry/api";
import type { TracerProvider } from "@opentelemetry/sdk-trace";
import { errors } from "../errors.ts";
import type { DeliveryStats } from "../queue/delivery-stats.ts";
import { SDK_VERSION } from "../version.ts";
import { scouterAttributes } from "./attribute-keys.ts";
import { tracingPeers, type PeerPackages } from "./peer-packages.ts";
import {
  spanProcessors,
  type ScouterSpanProcessors,
  type SpanProcessorOptions,
} from "./scouter-span-processors.ts";

/** What every instrumentation of OpenTelemetry or OpenInference has. */
export interface Instrumentation {
  setTracerProvider(provider: TracerProvider): void;
  enable(): void;
  disable(): void;
}

export interface ScouterTracingOptions extends SpanProcessorOptions {
  /** Becomes the resource attribute `service.name`. */
  readonly serviceName: string;
  readonly resourceAttributes?: Readonly<Record<string, string | number | boolean>>;
  /** Share of traces kept, 0..1, default 1. Decided once for a trace: a parent's decision, also a remote one, is kept. */
  readonly sampleRatio?: number;
  /** Instrumentations of libraries, connected to the provider and enabled. */
  readonly instrumentations?: readonly Instrumentation[];
  /** Make the provider, the context manager and the propagators the process's own, default true. */
  readonly registerGlobally?: boolean;
}

export interface ScouterTracing {
  readonly provider: TracerProvider;
  /** `name`: the instrumentation scope, default the service's name. */
  tracer(name?: string, version?: string): Tracer;
  /** Where every finished span is. Spans of traces that the sampler leaves out are never made and not counted. */
  stats(): DeliveryStats;
  /** Sends finished spans now. */
  forceFlush(): Promise<void>;
  /** Flushes, then stops; takes back what was registered globally. Idempotent. */
  shutdown(): Promise<void>;
}

/**
 * Sets up OpenTelemetry's own SDK to send spans to Scouter: delivery that counts every span, a context that follows async
 * calls, propagation of trace and baggage (W3C). Call it before the first span; spans started earlier are not recorded.
 *
 * @throws SDK_PEER_MISSING, SDK_BASE_URL_INVALID, SDK_OPTION_OUT_OF_RANGE
 */
export async function scouterTracing(options: ScouterTracingOptions): Promise<ScouterTracing> {
  const peers = await tracingPeers();
  const sending = spanProcessors(peers, options);
  const provider = tracerProvider(peers, options, sending);
  const unregister = options.registerGlobally === false ? () => {} : register(peers, provider);
  const { instrumentations = [] } = options;
  for (const instrumentation of instrumentations) {
    instrumentation.setTracerProvider(provider);
    instrumentation.enable();
  }
  const end = () => {
    for (const instrumentation of instrumentations) instrumentation.disable();
    unregister();
  };
  let shutdown: Promise<void> | undefined;
  return {
    provider,
    tracer: (name = options.serviceName, version = "") => provider.getTracer(name, version),
    stats: () => sending.stats(),
    forceFlush: () => provider.forceFlush(),
    shutdown: () => (shutdown ??= provider.shutdown().finally(end)),
  };
}

function tracerProvider(
  peers: PeerPackages,
  options: ScouterTracingOptions,
  { processors }: ScouterSpanProcessors,
): TracerProvider {
  const { ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } =
    peers["@opentelemetry/sdk-trace"];
  const { defaultResource, resourceFromAttributes } = peers["@opentelemetry/resources"];
  const root = new TraceIdRatioBasedSampler(checkedRatio(options.sampleRatio ?? 1));
  const resource = defaultResource().merge(
    resourceFromAttributes({
      [scouterAttributes.scope]: `scouter.tracer.${SDK_VERSION}`,
      ...options.resourceAttributes,
      "service.name": options.serviceName,
    }),
  );
  return new TracerProvider({
    resource,
    sampler: new ParentBasedSampler({ root }),
    spanProcessors: [...processors],
  });
}

/** @throws SDK_OPTION_OUT_OF_RANGE */
function checkedRatio(given: number): number {
  if (given >= 0 && given <= 1) return given;
  throw errors.SDK_OPTION_OUT_OF_RANGE({
    option: "sampleRatio",
    given,
    allowed: "a share from 0 to 1",
  });
}

/** @returns takes back what this call registered; an app's own earlier registration stays untouched */
function register(peers: PeerPackages, provider: TracerProvider): () => void {
  const { context, propagation, trace } = peers["@opentelemetry/api"];
  const { AsyncLocalStorageContextManager } = peers["@opentelemetry/context-async-hooks"];
  const { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } =
    peers["@opentelemetry/core"];
  const contextManager = new AsyncLocalStorageContextManager().enable();
  const hasContext = context.setGlobalContextManager(contextManager);
  const hasProvider = trace.setGlobalTracerProvider(provider);
  const propagators = [new W3CTraceContextPropagator(), new W3CBaggagePropagator()];
  const hasPropagator = propagation.setGlobalPropagator(new CompositePropagator({ propagators }));
  if (!hasContext) contextManager.disable();
  return () => {
    if (hasProvider) trace.disable();
    if (hasContext) context.disable();
    if (hasPropagator) propagation.disable();
  };
}
