import {
  addSpecialSpanAttribute,
  collectEventIds,
  isSpecialKey,
} from "../attribute/special-keys.ts";
import { attributeValueToJson } from "../attribute/attribute-value-to-json.ts";
import { AttributeReader } from "./protobuf-any-value.ts";
import { fieldTag, ProtobufReader } from "./protobuf-reader.ts";
import { type SpanDraft, storableEventTime } from "./span-draft.ts";
import type { TextCache } from "./text-cache.ts";

// Field numbers of opentelemetry.proto.trace.v1.
const SPAN = {
  traceId: fieldTag(1, 2),
  spanId: fieldTag(2, 2),
  traceState: fieldTag(3, 2),
  parentSpanId: fieldTag(4, 2),
  name: fieldTag(5, 2),
  kind: fieldTag(6, 0),
  startTime: fieldTag(7, 1),
  endTime: fieldTag(8, 1),
  attributes: fieldTag(9, 2),
  droppedAttributesCount: fieldTag(10, 0),
  events: fieldTag(11, 2),
  droppedEventsCount: fieldTag(12, 0),
  links: fieldTag(13, 2),
  droppedLinksCount: fieldTag(14, 0),
  status: fieldTag(15, 2),
  flags: fieldTag(16, 5),
} as const;
const EVENT = {
  time: fieldTag(1, 1),
  name: fieldTag(2, 2),
  attributes: fieldTag(3, 2),
  droppedAttributesCount: fieldTag(4, 0),
} as const;
const LINK = {
  traceId: fieldTag(1, 2),
  spanId: fieldTag(2, 2),
  traceState: fieldTag(3, 2),
  attributes: fieldTag(4, 2),
  droppedAttributesCount: fieldTag(5, 0),
} as const;
const STATUS = { message: fieldTag(2, 2), code: fieldTag(3, 0) } as const;

/** Ids are at most 16 bytes; of a longer one enough is read to see that it is too long, and to show it. */
const LONGEST_ID_BYTES = 24;

/** Reads the parts of spans from protobuf bytes. Fields may come in any order; unknown ones are passed over. */
export class SpanReader {
  readonly reader: ProtobufReader;
  readonly #texts: TextCache;
  readonly #attributes: AttributeReader;
  #lastTraceId = "";
  /** Length and bytes as they stood in the message. */
  #lastTraceIdField: Uint8Array = new Uint8Array(0);

  constructor(bytes: Uint8Array, texts: TextCache) {
    this.reader = new ProtobufReader(bytes);
    this.#texts = texts;
    this.#attributes = new AttributeReader(this.reader, texts);
  }

  /** Reads a length-delimited text field of the message that ends at `end`. */
  text(end: number): string {
    const reader = this.reader;
    const textEnd = reader.lengthDelimitedEnd(end);
    const text = this.#texts.text(reader.bytes, reader.position, textEnd);
    reader.position = textEnd;
    return text;
  }

  /** Reads the KeyValue message that ends at `end` into `target`. */
  attribute(end: number, target: Map<string, string>): void {
    const attributes = this.#attributes;
    attributes.next(end);
    target.set(attributes.key, attributes.valueJson());
  }

  /** Fills the draft from the Span message that ends at `end`. Throws `OTLP_VALUE_TOO_DEEP`. */
  span(end: number, draft: SpanDraft): void {
    const reader = this.reader;
    while (reader.position < end) this.#spanField(reader.tag(end), end, draft);
  }

  #spanField(tag: number, end: number, draft: SpanDraft): void {
    const reader = this.reader;
    switch (tag) {
      case SPAN.attributes:
        this.#spanAttribute(end, draft);
        break;
      case SPAN.traceId:
        draft.traceId = this.#traceId(end);
        break;
      case SPAN.spanId:
        draft.spanId = this.#id(end);
        break;
      case SPAN.parentSpanId:
        draft.parentSpanId = this.#id(end);
        break;
      case SPAN.name:
        draft.name = this.text(end);
        break;
      case SPAN.kind:
        draft.kind = reader.varint(end);
        break;
      case SPAN.startTime:
        draft.startTimeUnixNano = reader.fixed64(end);
        break;
      case SPAN.endTime:
        draft.endTimeUnixNano = reader.fixed64(end);
        break;
      case SPAN.flags:
        draft.flags = reader.fixed32(end);
        break;
      case SPAN.status:
        this.#status(reader.lengthDelimitedEnd(end), draft);
        break;
      case SPAN.events:
        this.#event(reader.lengthDelimitedEnd(end), draft);
        break;
      case SPAN.links:
        this.#link(reader.lengthDelimitedEnd(end), draft);
        break;
      default:
        this.#rareSpanField(tag, end, draft);
    }
  }

  #rareSpanField(tag: number, end: number, draft: SpanDraft): void {
    const reader = this.reader;
    switch (tag) {
      case SPAN.traceState:
        draft.traceState = this.text(end);
        break;
      case SPAN.droppedAttributesCount:
        draft.droppedAttributesCount = reader.varint(end);
        break;
      case SPAN.droppedEventsCount:
        draft.droppedEventsCount = reader.varint(end);
        break;
      case SPAN.droppedLinksCount:
        draft.droppedLinksCount = reader.varint(end);
        break;
      default:
        reader.skip(tag, end);
    }
  }

  #spanAttribute(end: number, draft: SpanDraft): void {
    const attributes = this.#attributes;
    attributes.next(this.reader.lengthDelimitedEnd(end));
    const key = attributes.key;
    if (isSpecialKey(key)) addSpecialSpanAttribute(draft, key, attributes.value());
    else draft.attributes.set(key, attributes.valueJson());
  }

  #eventAttribute(end: number, draft: SpanDraft, target: Map<string, string>): void {
    const attributes = this.#attributes;
    attributes.next(this.reader.lengthDelimitedEnd(end));
    const key = attributes.key;
    if (!isSpecialKey(key)) {
      target.set(key, attributes.valueJson());
      return;
    }
    const value = attributes.value();
    target.set(key, attributeValueToJson(value));
    collectEventIds(draft, key, value);
  }

  /** Status may be split over several fields; each part overrides what it names. */
  #status(end: number, draft: SpanDraft): void {
    const reader = this.reader;
    while (reader.position < end) {
      const tag = reader.tag(end);
      if (tag === STATUS.message) draft.statusMessage = this.text(end);
      else if (tag === STATUS.code) draft.statusCode = reader.varint(end);
      else reader.skip(tag, end);
    }
  }

  #event(end: number, draft: SpanDraft): void {
    const reader = this.reader;
    const attributes = new Map<string, string>();
    let timeUnixNano = 0n;
    let name = "";
    let droppedAttributesCount = 0;
    while (reader.position < end) {
      const tag = reader.tag(end);
      if (tag === EVENT.attributes) this.#eventAttribute(end, draft, attributes);
      else if (tag === EVENT.time) timeUnixNano = storableEventTime(reader.fixed64(end));
      else if (tag === EVENT.name) name = this.text(end);
      else if (tag === EVENT.droppedAttributesCount) droppedAttributesCount = reader.varint(end);
      else reader.skip(tag, end);
    }
    draft.events.push({ timeUnixNano, name, attributes, droppedAttributesCount });
  }

  #link(end: number, draft: SpanDraft): void {
    const reader = this.reader;
    const attributes = new Map<string, string>();
    let traceId = "";
    let spanId = "";
    let traceState = "";
    let droppedAttributesCount = 0;
    while (reader.position < end) {
      const tag = reader.tag(end);
      if (tag === LINK.traceId) traceId = this.#id(end);
      else if (tag === LINK.spanId) spanId = this.#id(end);
      else if (tag === LINK.traceState) traceState = this.text(end);
      else if (tag === LINK.attributes) this.attribute(reader.lengthDelimitedEnd(end), attributes);
      else if (tag === LINK.droppedAttributesCount) droppedAttributesCount = reader.varint(end);
      else reader.skip(tag, end);
    }
    draft.addLink({ traceId, spanId, traceState, attributes, droppedAttributesCount });
  }

  #id(end: number): string {
    const reader = this.reader;
    const idEnd = reader.lengthDelimitedEnd(end);
    const shownEnd = Math.min(idEnd, reader.position + LONGEST_ID_BYTES);
    const id = reader.bytes.toString("hex", reader.position, shownEnd);
    reader.position = idEnd;
    return id;
  }

  /** Spans of a request often share their trace: the same string then serves them all. */
  #traceId(end: number): string {
    const reader = this.reader;
    const idStart = reader.position;
    const size = this.#lastTraceIdField.length;
    if (size > 0 && idStart + size <= end && this.#isLastTraceIdField(idStart)) {
      reader.position = idStart + size;
      return this.#lastTraceId;
    }
    const id = this.#id(end);
    this.#lastTraceId = id;
    this.#lastTraceIdField = reader.bytes.subarray(idStart, reader.position);
    return id;
  }

  #isLastTraceIdField(start: number): boolean {
    const { bytes } = this.reader;
    const field = this.#lastTraceIdField;
    for (let at = 0; at < field.length; at += 1) {
      if (bytes[start + at] !== field[at]) return false;
    }
    return true;
  }
}
