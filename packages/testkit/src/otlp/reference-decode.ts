import type { DecodedExport, SpanEvent, SpanKind, SpanLink, SpanRow } from "@scouter/telemetry";
import type {
  ExportRequest,
  OtlpAttribute,
  OtlpEvent,
  OtlpLink,
  OtlpSpan,
  OtlpValue,
} from "./export-request.ts";

/**
 * What a decoder must make of a request, said in the plainest way and without a line of the decoder: the oracle of
 * its property tests. Rejected spans carry their index and code; their reason is "".
 */
export function referenceDecode(request: ExportRequest): DecodedExport {
  const result = { spans: [], rejected: [], tags: [], baggage: [] } as MutableExport;
  let index = 0;
  for (const { resource, scopeSpans } of request.resourceSpans) {
    const resourceAttributes = mapOf(resource?.attributes ?? []);
    for (const { scope, spans } of scopeSpans) {
      const origin = { resourceAttributes, name: scope?.name ?? "", version: scope?.version ?? "" };
      for (const span of spans) addSpan(result, span, origin, index++);
    }
  }
  return result;
}

type MutableExport = { -readonly [Key in keyof DecodedExport]: DecodedExport[Key][number][] };

interface Origin {
  readonly resourceAttributes: ReadonlyMap<string, string>;
  readonly name: string;
  readonly version: string;
}

const LATEST = 2n ** 63n - 1n;
const KINDS = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"] as const;

function addSpan(result: MutableExport, span: OtlpSpan, origin: Origin, index: number): void {
  const code = refusalOf(span);
  if (code !== null) {
    result.rejected.push({ index, code, reason: "" });
    return;
  }
  const row = rowOf(span, origin);
  result.spans.push(row);
  for (const { key, value } of span.attributes ?? []) {
    const tag = /^(?:baggage\.)?scouter\.tracing\.tag\.([^]+)$/.exec(key)?.[1];
    const known = result.tags.some(
      (other) =>
        other.traceId === row.traceId && other.key === tag && other.value === plainText(value),
    );
    if (tag !== undefined && !known) {
      result.tags.push({ traceId: row.traceId, key: tag, value: plainText(value) });
    }
    if (!key.startsWith("baggage.") || key === "baggage.scouter.tracing.tag.") continue;
    const entry = tag === undefined ? key.slice(8).trim() : key.slice(8);
    if (entry === "") continue;
    result.baggage.push({
      traceId: row.traceId,
      scope: row.scopeName,
      key: entry,
      value: plainText(value),
      startTimeUnixNano: row.startTimeUnixNano,
    });
  }
}

function refusalOf(span: OtlpSpan): string | null {
  if (!isId(span.traceId, 16)) return "OTLP_TRACE_ID_INVALID";
  if (!isId(span.spanId, 8)) return "OTLP_SPAN_ID_INVALID";
  const parent = span.parentSpanId ?? new Uint8Array(0);
  if (parent.length !== 0 && parent.length !== 8) return "OTLP_PARENT_SPAN_ID_INVALID";
  const late = [span.startTimeUnixNano, span.endTimeUnixNano].some((time) => (time ?? 0n) > LATEST);
  return late ? "OTLP_TIME_INVALID" : null;
}

function isId(bytes: Uint8Array | undefined, size: number): boolean {
  return bytes !== undefined && bytes.length === size && bytes.some((byte) => byte !== 0);
}

function hex(bytes: Uint8Array | undefined): string {
  return Array.from(bytes ?? [], (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function rowOf(span: OtlpSpan, origin: Origin): SpanRow {
  const start = span.startTimeUnixNano ?? 0n;
  const end = span.endTimeUnixNano ?? 0n;
  const service = origin.resourceAttributes.get("service.name") ?? "";
  const links = (span.links ?? []).filter((link) => isId(link.traceId, 16) && isId(link.spanId, 8));
  const attributes = span.attributes ?? [];
  const status = span.status?.code ?? 0;
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: isId(span.parentSpanId, 8) ? hex(span.parentSpanId) : null,
    traceState: span.traceState ?? "",
    flags: (span.flags ?? 0) | 0,
    name: span.name ?? "",
    kind: (KINDS[span.kind ?? 0] ?? "UNSPECIFIED") satisfies SpanKind,
    startTimeUnixNano: start,
    endTimeUnixNano: end < start ? start : end,
    statusCode: status > 2 ? 0 : status,
    statusMessage: span.status?.message || null,
    serviceName: (service.startsWith('"') ? (JSON.parse(service) as string) : "") || "unknown",
    scopeName: origin.name || "unknown",
    scopeVersion: origin.version || null,
    attributes: mapOf(attributes.flatMap(keptAttribute)),
    resourceAttributes: origin.resourceAttributes,
    events: (span.events ?? []).map(eventOf),
    links: links.map(linkOf),
    droppedAttributesCount: span.droppedAttributesCount ?? 0,
    droppedEventsCount: span.droppedEventsCount ?? 0,
    droppedLinksCount: (span.droppedLinksCount ?? 0) + (span.links ?? []).length - links.length,
    input: capturedOf(attributes, "scouter.tracing.input"),
    output: capturedOf(attributes, "scouter.tracing.output"),
    entityIds: idsOf(span, (key) => key.startsWith("scouter.entity")),
    queueIds: idsOf(span, (key) => key === "scouter.queue.record"),
  };
}

/** Attributes after tags lost their prefix and baggage was taken out. */
function keptAttribute(attribute: OtlpAttribute): OtlpAttribute[] {
  const tag = /^(?:baggage\.)?scouter\.tracing\.tag\.([^]*)$/.exec(attribute.key)?.[1];
  if (tag === "") return [];
  if (tag !== undefined) {
    return [{ key: tag, value: { stringValue: plainText(attribute.value) } }];
  }
  return attribute.key.startsWith("baggage.") ? [] : [attribute];
}

function capturedOf(attributes: readonly OtlpAttribute[], key: string): string | null {
  const text = attributes
    .filter((attribute) => attribute.key === key)
    .map((attribute) => attribute.value?.stringValue)
    .findLast((value) => typeof value === "string");
  if (text === undefined) return null;
  try {
    JSON.parse(text);
    return text;
  } catch {
    // Text that is not JSON is shown as a string.
    return JSON.stringify(text);
  }
}

function idsOf(span: OtlpSpan, wanted: (key: string) => boolean): string[] {
  const all = [
    ...(span.attributes ?? []).flatMap(keptAttribute),
    ...(span.events ?? []).flatMap((event) => event.attributes ?? []),
  ];
  const ids = all.flatMap(({ key, value }) => {
    const digits = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(value?.stringValue ?? "")
      ? (value?.stringValue ?? "").replaceAll("-", "").toLowerCase()
      : "";
    if (!wanted(key) || digits === "") return [];
    const cut = [0, 8, 12, 16, 20, 32];
    return [
      cut
        .slice(1)
        .map((to, part) => digits.slice(cut[part], to))
        .join("-"),
    ];
  });
  return [...new Set(ids)];
}

function eventOf(event: OtlpEvent): SpanEvent {
  const time = event.timeUnixNano ?? 0n;
  return {
    timeUnixNano: time > LATEST ? LATEST : time,
    name: event.name ?? "",
    attributes: mapOf(event.attributes ?? []),
    droppedAttributesCount: event.droppedAttributesCount ?? 0,
  };
}

function linkOf(link: OtlpLink): SpanLink {
  return {
    traceId: hex(link.traceId),
    spanId: hex(link.spanId),
    traceState: link.traceState ?? "",
    attributes: mapOf(link.attributes ?? []),
    droppedAttributesCount: link.droppedAttributesCount ?? 0,
  };
}

function mapOf(attributes: readonly OtlpAttribute[]): Map<string, string> {
  return new Map(attributes.map(({ key, value }) => [key, jsonText(value)]));
}

const MEMBERS = /^(?:string|bool|int|double|array|kvlist|bytes)Value$/;

function jsonText(value: OtlpValue | undefined): string {
  if (value?.stringValue !== undefined) return JSON.stringify(value.stringValue);
  if (value?.boolValue !== undefined) return String(value.boolValue);
  if (value?.intValue !== undefined) {
    const plain = value.intValue <= 2n ** 53n && value.intValue >= -(2n ** 53n);
    return plain ? String(value.intValue) : anyText(value);
  }
  if (value?.doubleValue !== undefined) {
    return Number.isFinite(value.doubleValue) ? doubleText(value.doubleValue) : anyText(value);
  }
  if (value?.arrayValue !== undefined)
    return `[${value.arrayValue.values.map(jsonText).join(",")}]`;
  if (value?.bytesValue !== undefined) return anyText(value);
  if (value?.kvlistValue === undefined) return "null";
  const entries = lastOfEachKey(value.kvlistValue.values);
  if (entries.length === 1 && MEMBERS.test(entries[0]?.key ?? "")) return anyText(value);
  const members = entries.map((entry) => `${JSON.stringify(entry.key)}:${jsonText(entry.value)}`);
  return `{${members.join(",")}}`;
}

/** A later value takes the place of the first one. */
function lastOfEachKey(entries: readonly OtlpAttribute[]): OtlpAttribute[] {
  const last = new Map(entries.map((entry) => [entry.key, entry]));
  return [...last.values()];
}

function doubleText(value: number): string {
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function anyText(value: OtlpValue | undefined): string {
  if (value?.stringValue !== undefined)
    return `{"stringValue":${JSON.stringify(value.stringValue)}}`;
  if (value?.boolValue !== undefined) return `{"boolValue":${value.boolValue}}`;
  if (value?.intValue !== undefined) return `{"intValue":"${value.intValue}"}`;
  if (value?.doubleValue !== undefined) {
    const { doubleValue } = value;
    if (!Number.isFinite(doubleValue)) return `{"doubleValue":"${doubleValue}"}`;
    return `{"doubleValue":${Object.is(doubleValue, -0) ? "-0.0" : doubleValue}}`;
  }
  if (value?.bytesValue !== undefined) {
    return `{"bytesValue":"${Buffer.from(value.bytesValue).toString("base64")}"}`;
  }
  if (value?.arrayValue !== undefined) {
    return `{"arrayValue":{"values":[${value.arrayValue.values.map(anyText).join(",")}]}}`;
  }
  if (value?.kvlistValue === undefined) return "{}";
  const members = lastOfEachKey(value.kvlistValue.values).map(
    (entry) => `{"key":${JSON.stringify(entry.key)},"value":${anyText(entry.value)}}`,
  );
  return `{"kvlistValue":{"values":[${members.join(",")}]}}`;
}

/** Text of a tag or baggage entry. */
function plainText(value: OtlpValue | undefined): string {
  if (value?.stringValue !== undefined) return value.stringValue;
  if (value?.boolValue !== undefined) return String(value.boolValue);
  if (value?.intValue !== undefined) return String(value.intValue);
  if (value?.doubleValue !== undefined) return String(value.doubleValue);
  const container = value?.arrayValue ?? value?.kvlistValue;
  return container === undefined ? "null" : JSON.stringify(plainOf(value));
}

function plainOf(value: OtlpValue | undefined): unknown {
  if (value?.arrayValue !== undefined) return value.arrayValue.values.map(plainOf);
  if (value?.kvlistValue !== undefined) {
    return Object.fromEntries(
      value.kvlistValue.values.map((entry) => [entry.key, plainOf(entry.value)]),
    );
  }
  if (value?.intValue !== undefined) {
    const { intValue } = value;
    return intValue <= 2n ** 53n && intValue >= -(2n ** 53n) ? Number(intValue) : String(intValue);
  }
  if (value?.bytesValue !== undefined) return Buffer.from(value.bytesValue).toString("base64");
  return value?.stringValue ?? value?.boolValue ?? value?.doubleValue ?? null;
}
