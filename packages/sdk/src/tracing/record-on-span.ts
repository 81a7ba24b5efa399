import type { Span } from "@opentelemetry/api";
import { scouterAttributes } from "./attribute-keys.ts";

export interface SpanRecordLink {
  /** `uid` of the item that `evalRecord` made. */
  readonly recordUid: string;
  /** Uid of the profile whose queue took it. */
  readonly entityUid: string;
}

/**
 * Marks a span as the one in which a record was made, so that a trace shows its records. Call it when `insert` returned
 * true: a record that was sampled out has no result to show. Does nothing on a span that is not recorded.
 */
export function recordOnSpan(span: Span, { recordUid, entityUid }: SpanRecordLink): void {
  span.addEvent(scouterAttributes.queueEvent, {
    [scouterAttributes.queueRecord]: recordUid,
    [scouterAttributes.queueEventEntity]: "Agent",
    [scouterAttributes.entity]: entityUid,
  });
}
