import type { Attributes } from "@opentelemetry/api";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import type { DeliveryStats } from "../queue/delivery-stats.ts";
import { attributionProcessor } from "./attribution/attribution-processor.ts";
import { otlpHttpTransport, type TokenSource } from "./delivery/otlp-http-transport.ts";
import {
  spanDeliverySettings,
  type SpanDeliveryOptions,
} from "./delivery/span-delivery-options.ts";
import { SpanDelivery } from "./delivery/span-delivery.ts";
import { tracingPeers, type PeerPackages } from "./peer-packages.ts";

export interface SpanProcessorOptions {
  /** Where spans go (OTLP over HTTP, protobuf), default `http://localhost:4318/v1/traces`. */
  readonly endpoint?: string;
  /** Sent as `Authorization: Bearer`; a function is asked at each export, such as `() => client.accessToken()`. */
  readonly token?: TokenSource;
  readonly batch?: SpanDeliveryOptions;
  /** Set on every span that does not set them itself. */
  readonly defaultAttributes?: Attributes;
  /** Uid of the profile that spans belong to when no profile is active. */
  readonly defaultProfileUid?: string;
}

export interface ScouterSpanProcessors {
  /** In this order, into the list `spanProcessors` of a provider of your own. */
  readonly processors: readonly SpanProcessor[];
  /** Where every finished span is. */
  stats(): DeliveryStats;
}

/**
 * For an app that sets OpenTelemetry up itself (`NodeSDK`, a framework, a vendor's distribution): what sends its spans to
 * Scouter too, beside whatever it has.
 *
 * @throws SDK_PEER_MISSING, SDK_BASE_URL_INVALID, SDK_OPTION_OUT_OF_RANGE
 */
export async function scouterSpanProcessors(
  options: SpanProcessorOptions = {},
): Promise<ScouterSpanProcessors> {
  return spanProcessors(await tracingPeers(), options);
}

export function spanProcessors(
  peers: PeerPackages,
  options: SpanProcessorOptions,
): ScouterSpanProcessors {
  const { propagation } = peers["@opentelemetry/api"];
  const { batch = {}, defaultAttributes, defaultProfileUid } = options;
  const delivery = spanDelivery(peers, options, batch);
  const attribution = attributionProcessor({
    baggageOf: (context) => propagation.getBaggage(context)?.getAllEntries(),
    ...(defaultAttributes === undefined ? {} : { defaultAttributes }),
    ...(defaultProfileUid === undefined ? {} : { defaultProfileUid }),
  });
  return { processors: [attribution, delivery], stats: () => delivery.stats() };
}

function spanDelivery(
  peers: PeerPackages,
  { endpoint = "http://localhost:4318/v1/traces", token }: SpanProcessorOptions,
  batch: SpanDeliveryOptions,
): SpanDelivery {
  const { context } = peers["@opentelemetry/api"];
  const { suppressTracing } = peers["@opentelemetry/core"];
  const { ProtobufTraceSerializer } = peers["@opentelemetry/otlp-transformer"];
  const transport = otlpHttpTransport(
    {
      endpoint,
      ...(token === undefined ? {} : { token }),
      ...(batch.timeoutMs === undefined ? {} : { timeoutMs: batch.timeoutMs }),
      ...(batch.gzip === undefined ? {} : { gzip: batch.gzip }),
    },
    {
      deserializeResponse: (bytes) => ProtobufTraceSerializer.deserializeResponse(bytes),
      unobserved: (run) => context.with(suppressTracing(context.active()), run),
    },
  );
  return new SpanDelivery({
    transport,
    settings: spanDeliverySettings(batch),
    onDrop: batch.onDrop,
    serialise(spans) {
      const body = ProtobufTraceSerializer.serializeRequest([...spans]);
      if (body === undefined) throw new TypeError("the spans have no protobuf form");
      return body;
    },
  });
}
