/** An ExportTraceServiceRequest as JavaScript values: ids are bytes, 64-bit integers bigints; absent fields are unset. */
export interface ExportRequest {
  readonly resourceSpans: readonly OtlpResourceSpans[];
}

export interface OtlpResourceSpans {
  readonly resource?: { readonly attributes?: readonly OtlpAttribute[] };
  readonly scopeSpans: readonly OtlpScopeSpans[];
}

export interface OtlpScopeSpans {
  readonly scope?: { readonly name?: string; readonly version?: string };
  readonly spans: readonly OtlpSpan[];
}

export interface OtlpSpan {
  readonly traceId?: Uint8Array;
  readonly spanId?: Uint8Array;
  readonly traceState?: string;
  readonly parentSpanId?: Uint8Array;
  readonly name?: string;
  readonly kind?: number;
  readonly startTimeUnixNano?: bigint;
  readonly endTimeUnixNano?: bigint;
  readonly attributes?: readonly OtlpAttribute[];
  readonly droppedAttributesCount?: number;
  readonly events?: readonly OtlpEvent[];
  readonly droppedEventsCount?: number;
  readonly links?: readonly OtlpLink[];
  readonly droppedLinksCount?: number;
  readonly status?: { readonly message?: string; readonly code?: number };
  /** Unsigned 32 bits. */
  readonly flags?: number;
}

export interface OtlpEvent {
  readonly timeUnixNano?: bigint;
  readonly name?: string;
  readonly attributes?: readonly OtlpAttribute[];
  readonly droppedAttributesCount?: number;
}

export interface OtlpLink {
  readonly traceId?: Uint8Array;
  readonly spanId?: Uint8Array;
  readonly traceState?: string;
  readonly attributes?: readonly OtlpAttribute[];
  readonly droppedAttributesCount?: number;
}

export interface OtlpAttribute {
  readonly key: string;
  readonly value?: OtlpValue;
}

/** At most one member; none is the empty value. */
export interface OtlpValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: bigint;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly OtlpValue[] };
  readonly kvlistValue?: { readonly values: readonly OtlpAttribute[] };
  readonly bytesValue?: Uint8Array;
}

/** A value as a test writes it: a bigint is an int, a number a double. */
export type PlainValue =
  | null
  | string
  | boolean
  | bigint
  | number
  | Uint8Array
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };

export function otlpValue(plain: PlainValue): OtlpValue {
  if (plain === null) return {};
  if (typeof plain === "string") return { stringValue: plain };
  if (typeof plain === "boolean") return { boolValue: plain };
  if (typeof plain === "bigint") return { intValue: plain };
  if (typeof plain === "number") return { doubleValue: plain };
  if (plain instanceof Uint8Array) return { bytesValue: plain };
  if (isPlainList(plain)) return { arrayValue: { values: plain.map(otlpValue) } };
  return { kvlistValue: { values: otlpAttributes(plain) } };
}

export function otlpAttributes(plain: Readonly<Record<string, PlainValue>>): OtlpAttribute[] {
  return Object.entries(plain).map(([key, value]) => ({ key, value: otlpValue(value) }));
}

/** 16 bytes that hold the number, big endian; from 1 up. */
export function traceIdBytes(number: number): Uint8Array {
  return idBytes(16, number);
}

/** 8 bytes that hold the number, big endian; from 1 up. */
export function spanIdBytes(number: number): Uint8Array {
  return idBytes(8, number);
}

/** A valid root span of one second on 2026-01-01; `overrides` replace its fields. */
export function otlpSpan(overrides: OtlpSpan = {}): OtlpSpan {
  return {
    traceId: traceIdBytes(1),
    spanId: spanIdBytes(1),
    name: "operation",
    kind: 1,
    startTimeUnixNano: 1_767_225_600_000_000_000n,
    endTimeUnixNano: 1_767_225_601_000_000_000n,
    ...overrides,
  };
}

/** One resource and one scope with the given spans. */
export function exportRequest(
  spans: readonly OtlpSpan[],
  origin: {
    readonly resource?: Readonly<Record<string, PlainValue>>;
    readonly scope?: { readonly name?: string; readonly version?: string };
  } = {},
): ExportRequest {
  const resource = origin.resource ?? { "service.name": "checkout" };
  const scope = origin.scope ?? { name: "checkout.tracer", version: "1.0.0" };
  return {
    resourceSpans: [
      { resource: { attributes: otlpAttributes(resource) }, scopeSpans: [{ scope, spans }] },
    ],
  };
}

function idBytes(size: number, number: number): Uint8Array {
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setBigUint64(size - 8, BigInt(number));
  return bytes;
}

function isPlainList(plain: PlainValue): plain is readonly PlainValue[] {
  return Array.isArray(plain);
}
