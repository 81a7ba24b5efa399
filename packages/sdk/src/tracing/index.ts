export { scouterAttributes } from "./attribute-keys.ts";
export { recordOnSpan, type SpanRecordLink } from "./record-on-span.ts";
export {
  scouterTracing,
  type ScouterTracing,
  type ScouterTracingOptions,
} from "./scouter-tracing.ts";
