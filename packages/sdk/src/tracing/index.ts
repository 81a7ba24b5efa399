export { scouterAttributes } from "./attribute-keys.ts";
export { baggageKeys } from "./attribution/baggage-keys.ts";
export {
  withActiveProfile,
  withBaggage,
  withTags,
  type ProfileReference,
} from "./attribution/with-baggage.ts";
export type { StreamCapture } from "./capture/capture-stream.ts";
export { captureValue, type CaptureLimits } from "./capture/capture-value.ts";
export { setInput, setOutput } from "./capture/set-input-output.ts";
export type { TokenSource } from "./delivery/otlp-http-transport.ts";
export type { SpanDeliveryOptions } from "./delivery/span-delivery-options.ts";
export {
  setGenAiContent,
  setGenAiResult,
  withGenAiSpan,
  type GenAiCall,
  type GenAiContent,
  type GenAiOperation,
  type GenAiResult,
} from "./gen-ai.ts";
export { insertOnSpan, type RecordQueue } from "./insert-on-span.ts";
export { recordOnSpan, type SpanRecordLink } from "./record-on-span.ts";
export {
  scouterSpanProcessors,
  type ScouterSpanProcessors,
  type SpanProcessorOptions,
} from "./scouter-span-processors.ts";
export {
  scouterTracing,
  type Instrumentation,
  type ScouterTracing,
  type ScouterTracingOptions,
} from "./scouter-tracing.ts";
export { traced, type TracedOptions } from "./traced.ts";
export { withSpan, type SpanOptions } from "./with-span.ts";
