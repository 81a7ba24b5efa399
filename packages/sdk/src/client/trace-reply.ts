import type { GenAiKind, Json, TraceStatus } from "@scouter/contracts";

export interface Attribute {
  readonly key: string;
  readonly value: Json;
}

/** Position in a list of traces, newest first. */
export interface TraceCursor {
  /** RFC 3339. */
  readonly start_time: string;
  readonly trace_id: string;
}

/** All optional; ids in hexadecimal, times in RFC 3339, `start_time <= trace start < end_time`. */
export interface TraceFilters {
  readonly service_name?: string;
  readonly has_errors?: boolean;
  /** 0 unset, 1 ok, 2 error. */
  readonly status_code?: 0 | 1 | 2;
  readonly start_time?: string;
  readonly end_time?: string;
  /** Traces per page; the server's default is 50. */
  readonly limit?: number;
  readonly cursor_start_time?: string;
  readonly cursor_trace_id?: string;
  readonly direction?: "next" | "previous";
  /** `key=value` texts, any of which must occur in the trace. */
  readonly attribute_filters?: readonly string[];
  readonly trace_ids?: readonly string[];
  readonly entity_uid?: string;
  readonly queue_uid?: string;
}

export interface TraceListItem {
  readonly trace_id: string;
  readonly service_name: string;
  readonly scope_name: string;
  readonly scope_version: string;
  readonly root_operation: string;
  readonly start_time: string;
  readonly end_time: string | null;
  readonly duration_ms: number | null;
  readonly status_code: number;
  readonly status_message: string | null;
  readonly span_count: number;
  readonly error_count: number;
  readonly has_errors: boolean;
  readonly resource_attributes: readonly Attribute[];
  readonly entity_ids: readonly string[];
  readonly queue_ids: readonly string[];
}

export interface TracePage {
  readonly items: readonly TraceListItem[];
  readonly has_next: boolean;
  readonly next_cursor: TraceCursor | null;
  readonly has_previous: boolean;
  readonly previous_cursor: TraceCursor | null;
}

export interface SpanEvent {
  readonly timestamp: string;
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly dropped_attributes_count: number;
}

export interface SpanLink {
  readonly trace_id: string;
  readonly span_id: string;
  readonly trace_state: string;
  readonly attributes: readonly Attribute[];
  readonly dropped_attributes_count: number;
}

/** One span, placed in its trace's tree: `depth` 0 is a root, `path` leads from the root to this span inclusive. */
export interface TraceSpan {
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id: string | null;
  readonly span_name: string;
  readonly span_kind: string | null;
  readonly start_time: string;
  readonly end_time: string;
  readonly duration_ms: number;
  readonly status_code: number;
  readonly status_message: string | null;
  readonly attributes: readonly Attribute[];
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly depth: number;
  readonly path: readonly string[];
  readonly root_span_id: string;
  readonly service_name: string;
  readonly span_order: number;
  readonly input: Json;
  readonly output: Json;
}

/** All optional; what they mean is in the reference of trace queries. A list: any of its values will do. */
export interface TraceSearch {
  /** RFC 3339, `start <= trace start < end`; the last 24 hours when absent, at most 92 days. */
  readonly start?: string;
  readonly end?: string;
  readonly service?: readonly string[];
  readonly name?: readonly string[];
  readonly root_name?: readonly string[];
  readonly kind?: readonly GenAiKind[];
  readonly model?: readonly string[];
  /** `key:op:value` with `eq`, `ne`, `lt`, `gt`, or `key:exists`; all must hold. */
  readonly attr?: readonly string[];
  readonly text?: string;
  readonly status?: TraceStatus;
  readonly min_duration_ms?: number;
  readonly max_duration_ms?: number;
  /** 1..500, default 50. */
  readonly limit?: number;
  /** `next_cursor` of the page before. */
  readonly cursor?: string;
}
