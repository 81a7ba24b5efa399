import { isScouterError, type ScouterError } from "@scouter/contracts";
import type { DecodedExport } from "./decoded-export.ts";
import { ExportCollector } from "./export-collector.ts";
import { fieldTag } from "./protobuf-reader.ts";
import { SpanReader } from "./protobuf-span.ts";
import {
  type ResourceOfSpans,
  resourceOfSpans,
  type ScopeOfSpans,
  scopeOfSpans,
} from "./span-origin.ts";
import { TextCache } from "./text-cache.ts";

// Field numbers of opentelemetry.proto.collector.trace.v1, trace.v1, resource.v1 and common.v1.
const EXPORT = { resourceSpans: fieldTag(1, 2) } as const;
const RESOURCE_SPANS = { resource: fieldTag(1, 2), scopeSpans: fieldTag(2, 2) } as const;
const RESOURCE = { attributes: fieldTag(1, 2) } as const;
const SCOPE_SPANS = { scope: fieldTag(1, 2), spans: fieldTag(2, 2) } as const;
const SCOPE = { name: fieldTag(1, 2), version: fieldTag(2, 2) } as const;

/** Only a cache: it changes how fast a text is made, never which. */
const texts = new TextCache();

/**
 * Decodes an ExportTraceServiceRequest from protobuf bytes straight to span rows, without a message tree between.
 *
 * A span that cannot be kept is listed in `rejected`, its neighbours are kept. Unknown fields and fields of another
 * wire type are passed over, fields may come in any order, a field that is sent twice is merged as protobuf says,
 * invalid UTF-8 is replaced by U+FFFD. The result does not refer to `bytes`.
 *
 * Throws `OTLP_BODY_INVALID` with the byte offset when the bytes are not protobuf.
 */
export function decodeOtlpProtobuf(bytes: Uint8Array): DecodedExport {
  const spans = new SpanReader(bytes, texts);
  const collector = new ExportCollector();
  eachField(spans, bytes.length, EXPORT.resourceSpans, (end) => {
    readResourceSpans(spans, end, collector);
  });
  return collector.result();
}

/** The resource may follow its spans in the bytes: one pass for it, and one for the spans. */
function readResourceSpans(spans: SpanReader, end: number, collector: ExportCollector): void {
  const start = spans.reader.position;
  const resource = readResource(spans, end);
  spans.reader.position = start;
  eachField(spans, end, RESOURCE_SPANS.scopeSpans, (scopeEnd) => {
    readScopeSpans(spans, scopeEnd, resource, collector);
  });
}

function readResource(spans: SpanReader, end: number): ResourceOfSpans {
  const attributes = new Map<string, string>();
  let refusal: ScouterError | null = null;
  eachField(spans, end, RESOURCE_SPANS.resource, (resourceEnd) => {
    eachField(spans, resourceEnd, RESOURCE.attributes, (attributeEnd) => {
      try {
        spans.attribute(attributeEnd, attributes);
      } catch (error) {
        // Without its resource no span is what was sent: each is rejected with this reason.
        if (!isScouterError(error) || error.code === "OTLP_BODY_INVALID") throw error;
        refusal = error;
      }
    });
  });
  return resourceOfSpans(attributes, refusal);
}

function readScopeSpans(
  spans: SpanReader,
  end: number,
  resource: ResourceOfSpans,
  collector: ExportCollector,
): void {
  const start = spans.reader.position;
  const scope = readScope(spans, end);
  spans.reader.position = start;
  eachField(spans, end, SCOPE_SPANS.spans, (spanEnd) => {
    collector.add(resource, scope, (draft) => spans.span(spanEnd, draft));
  });
}

function readScope(spans: SpanReader, end: number): ScopeOfSpans {
  let name = "";
  let version = "";
  const { reader } = spans;
  eachField(spans, end, SCOPE_SPANS.scope, (scopeEnd) => {
    while (reader.position < scopeEnd) {
      const tag = reader.tag(scopeEnd);
      if (tag === SCOPE.name) name = spans.text(scopeEnd);
      else if (tag === SCOPE.version) version = spans.text(scopeEnd);
      else reader.skip(tag, scopeEnd);
    }
  });
  return scopeOfSpans(name, version);
}

/** Visits each length-delimited field `wanted` of the message that ends at `end`, and goes on where it ends. */
function eachField(
  spans: SpanReader,
  end: number,
  wanted: number,
  visit: (fieldEnd: number) => void,
): void {
  const { reader } = spans;
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag !== wanted) {
      reader.skip(tag, end);
      continue;
    }
    const fieldEnd = reader.lengthDelimitedEnd(end);
    visit(fieldEnd);
    reader.position = fieldEnd;
  }
}
