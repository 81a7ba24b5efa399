import { isNoParent, isSpanId, isTraceId } from "../span/span-identity.ts";
import type { SpanEvent, SpanKind, SpanLink, SpanRow } from "../span/span-row.ts";
import type { ResourceOfSpans, ScopeOfSpans } from "./span-origin.ts";

/** The last nanosecond that a signed 64-bit count since 1970 can name: 2262-04-11T23:47:16.854775807Z. */
export const LATEST_UNIX_NANO = 2n ** 63n - 1n;

const KINDS: readonly SpanKind[] = [
  "UNSPECIFIED",
  "INTERNAL",
  "SERVER",
  "CLIENT",
  "PRODUCER",
  "CONSUMER",
];
const HIGHEST_STATUS_CODE = 2;

/** A span while its fields are read, in any order. Ids are hexadecimal text of whatever length was given. */
export class SpanDraft {
  traceId = "";
  spanId = "";
  parentSpanId = "";
  traceState = "";
  flags = 0;
  name = "";
  kind = 0;
  startTimeUnixNano = 0n;
  endTimeUnixNano = 0n;
  statusCode = 0;
  statusMessage = "";
  droppedAttributesCount = 0;
  droppedEventsCount = 0;
  droppedLinksCount = 0;
  input: string | null = null;
  output: string | null = null;
  readonly attributes = new Map<string, string>();
  readonly events: SpanEvent[] = [];
  readonly links: SpanLink[] = [];
  readonly tags: KeyedText[] = [];
  readonly baggage: KeyedText[] = [];
  /** Found on the span itself and on its events; kept apart so that the order of fields in a message does not show. */
  readonly spanIds: ReferredIds = { entityIds: [], queueIds: [] };
  readonly eventIds: ReferredIds = { entityIds: [], queueIds: [] };

  #pointlessLinks = 0;

  addTag(key: string, value: string): void {
    this.tags.push({ key, value });
  }

  addBaggage(key: string, value: string): void {
    this.baggage.push({ key, value });
  }

  /** Adds a link; one without valid ids points nowhere and is counted as dropped. */
  addLink(link: SpanLink): void {
    if (isTraceId(link.traceId) && isSpanId(link.spanId)) this.links.push(link);
    else this.#pointlessLinks += 1;
  }

  /** Why the span cannot be kept; null when it can. */
  offence(): SpanOffence | null {
    const { traceId, spanId, parentSpanId } = this;
    if (!isTraceId(traceId)) return { code: "OTLP_TRACE_ID_INVALID", given: traceId };
    if (!isSpanId(spanId)) return { code: "OTLP_SPAN_ID_INVALID", given: spanId };
    if (!isNoParent(parentSpanId) && !isSpanId(parentSpanId)) {
      return { code: "OTLP_PARENT_SPAN_ID_INVALID", given: parentSpanId };
    }
    return timeOffence("start", this.startTimeUnixNano) ?? timeOffence("end", this.endTimeUnixNano);
  }

  /** The finished row of a span without offence. */
  toRow(resource: ResourceOfSpans, scope: ScopeOfSpans): SpanRow {
    const start = this.startTimeUnixNano;
    return {
      traceId: this.traceId,
      spanId: this.spanId,
      parentSpanId: isNoParent(this.parentSpanId) ? null : this.parentSpanId,
      traceState: this.traceState,
      flags: this.flags,
      name: this.name,
      kind: KINDS[this.kind] ?? "UNSPECIFIED",
      startTimeUnixNano: start,
      endTimeUnixNano: this.endTimeUnixNano < start ? start : this.endTimeUnixNano,
      statusCode: isStatusCode(this.statusCode) ? this.statusCode : 0,
      statusMessage: this.statusMessage === "" ? null : this.statusMessage,
      serviceName: resource.serviceName,
      scopeName: scope.name,
      scopeVersion: scope.version,
      attributes: this.attributes,
      resourceAttributes: resource.attributes,
      events: this.events,
      links: this.links,
      droppedAttributesCount: this.droppedAttributesCount,
      droppedEventsCount: this.droppedEventsCount,
      droppedLinksCount: this.droppedLinksCount + this.#pointlessLinks,
      input: this.input,
      output: this.output,
      entityIds: eachOnce(this.spanIds.entityIds, this.eventIds.entityIds),
      queueIds: eachOnce(this.spanIds.queueIds, this.eventIds.queueIds),
    };
  }
}

/** A value and not an error: a hostile body of 2 MB can hold a million spans to reject, and an error costs its stack. */
export type SpanOffence =
  | {
      readonly code:
        | "OTLP_TRACE_ID_INVALID"
        | "OTLP_SPAN_ID_INVALID"
        | "OTLP_PARENT_SPAN_ID_INVALID";
      readonly given: string;
      readonly field?: undefined;
    }
  | {
      readonly code: "OTLP_TIME_INVALID";
      readonly given: string;
      readonly field: "start" | "end";
    };

/** Profile and record uids in order of appearance, repeats included. */
export interface ReferredIds {
  readonly entityIds: string[];
  readonly queueIds: string[];
}

export interface KeyedText {
  readonly key: string;
  readonly value: string;
}

/** Time of an event as it can be stored. A bad time is no reason to lose the event, nor its span. */
export function storableEventTime(unixNano: bigint): bigint {
  return unixNano > LATEST_UNIX_NANO ? LATEST_UNIX_NANO : unixNano;
}

function timeOffence(field: "start" | "end", unixNano: bigint): SpanOffence | null {
  if (unixNano >= 0n && unixNano <= LATEST_UNIX_NANO) return null;
  return { code: "OTLP_TIME_INVALID", field, given: unixNano.toString() };
}

function isStatusCode(code: number): boolean {
  return code >= 0 && code <= HIGHEST_STATUS_CODE;
}

const NOTHING: readonly string[] = [];

function eachOnce(own: readonly string[], ofEvents: readonly string[]): readonly string[] {
  if (own.length === 0 && ofEvents.length === 0) return NOTHING;
  return [...new Set([...own, ...ofEvents])];
}
