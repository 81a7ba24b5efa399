/**
 * One span as it is stored and read: OTLP's fields with ids as text and values as JSON text.
 *
 * Attribute values are JSON text by the rule of `attributeValueToJson`: plain JSON where that is lossless (a double
 * always has a point or an exponent, an integer never), else the OTLP/JSON form of the AnyValue (bytes, integers
 * beyond 2^53, non-finite doubles, and maps that would be mistaken for such a form).
 */
export interface SpanRow {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits. */
  readonly spanId: string;
  /** 16 lower-case hexadecimal digits; null for a root (empty or all-zero parent). */
  readonly parentSpanId: string | null;
  readonly traceState: string;
  /** OTLP flags as a signed 32-bit integer. */
  readonly flags: number;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startTimeUnixNano: bigint;
  /** Never before the start: an earlier end is raised to the start. */
  readonly endTimeUnixNano: bigint;
  /** 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly statusMessage: string | null;
  readonly serviceName: string;
  readonly scopeName: string;
  readonly scopeVersion: string | null;
  /** Key to JSON text; a repeated key keeps the last value. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly resourceAttributes: ReadonlyMap<string, string>;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly droppedAttributesCount: number;
  readonly droppedEventsCount: number;
  /** As sent, plus the links that were left out here because their ids are not valid. */
  readonly droppedLinksCount: number;
  /**
   * Ordinary JSON text from `scouter.tracing.input` / `.output` (not by the rule above: read it with `JSON.parse`); null
   * when the attribute is absent or no string.
   */
  readonly input: string | null;
  readonly output: string | null;
  /** Profile uids and record uids found on the span and its events, lower case, each once, in order of appearance. */
  readonly entityIds: readonly string[];
  readonly queueIds: readonly string[];
}

export type SpanKind = "UNSPECIFIED" | "INTERNAL" | "SERVER" | "CLIENT" | "PRODUCER" | "CONSUMER";

export interface SpanEvent {
  /** At most 9223372036854775807: a later time is lowered to it. */
  readonly timeUnixNano: bigint;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly droppedAttributesCount: number;
}

export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly droppedAttributesCount: number;
}
