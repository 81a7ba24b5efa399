import { type AttributeValue, checkValueDepth } from "../attribute/attribute-value.ts";
import {
  attributeValueToJson,
  doubleToJson,
  integerToJson,
} from "../attribute/attribute-value-to-json.ts";
import { fieldTag, type ProtobufReader } from "./protobuf-reader.ts";
import type { TextCache } from "./text-cache.ts";

const STRING = fieldTag(1, 2);
const BOOL = fieldTag(2, 0);
const INT = fieldTag(3, 0);
const DOUBLE = fieldTag(4, 1);
const ARRAY = fieldTag(5, 2);
const MAP = fieldTag(6, 2);
const BYTES = fieldTag(7, 2);

const MEMBERS = fieldTag(1, 2);
const KEY = fieldTag(1, 2);
const VALUE = fieldTag(2, 2);

const TWO_TO_32 = 2 ** 32;
/** A signed upper half below this (and not below its negative) makes an integer that a double holds exactly. */
const EXACT_HIGH_LIMIT = 2 ** 21;

/**
 * Where the bytes of one message lie: start, end, start, end ... More than one pair when a sender repeated a field
 * that is not a list: by the rules of protobuf the message is then the concatenation of the pieces.
 */
type Pieces = readonly number[];

/** Reads KeyValue messages and AnyValues, either to a value or straight to JSON text. */
export class AttributeReader {
  readonly #reader: ProtobufReader;
  readonly #texts: TextCache;
  /** Key of the attribute read last. */
  key = "";
  /** Its value's bytes; start is -1 when there is none. */
  #valueStart = -1;
  #valueEnd = -1;
  #furtherPieces: number[] | null = null;

  constructor(reader: ProtobufReader, texts: TextCache) {
    this.#reader = reader;
    this.#texts = texts;
  }

  /** Reads the KeyValue that ends at `end`; `value` or `valueJson` then tells its value. */
  next(end: number): void {
    const reader = this.#reader;
    this.key = "";
    this.#valueStart = -1;
    this.#furtherPieces = null;
    while (reader.position < end) {
      const tag = reader.tag(end);
      if (tag === KEY) {
        this.key = this.#text(end);
      } else if (tag === VALUE) {
        const valueEnd = reader.lengthDelimitedEnd(end);
        this.#addPiece(reader.position, valueEnd);
        reader.position = valueEnd;
      } else {
        reader.skip(tag, end);
      }
    }
  }

  /** To be called at most once per attribute. Leaves the position where it was. */
  value(): AttributeValue {
    const position = this.#reader.position;
    const value = this.#anyValue(this.#pieces(), 0);
    this.#reader.position = position;
    return value;
  }

  /** As `value`, written by the rule of `attributeValueToJson`; faster for scalars. */
  valueJson(): string {
    if (this.#valueStart === -1 || this.#valueStart === this.#valueEnd) {
      if (this.#furtherPieces === null) return "null";
    }
    const position = this.#reader.position;
    const json = this.#scalarJson();
    this.#reader.position = position;
    return json ?? attributeValueToJson(this.value());
  }

  #addPiece(start: number, end: number): void {
    if (this.#valueStart === -1) {
      this.#valueStart = start;
      this.#valueEnd = end;
    } else {
      this.#furtherPieces ??= [];
      this.#furtherPieces.push(start, end);
    }
  }

  #pieces(): Pieces {
    if (this.#valueStart === -1) return [];
    return [this.#valueStart, this.#valueEnd, ...(this.#furtherPieces ?? [])];
  }

  /** The JSON text when the value is one scalar and nothing else, as it nearly always is. */
  #scalarJson(): string | undefined {
    if (this.#furtherPieces !== null) return undefined;
    const reader = this.#reader;
    const end = this.#valueEnd;
    reader.position = this.#valueStart;
    const json = this.#scalarFieldJson(reader.tag(end), end);
    return reader.position === end ? json : undefined;
  }

  #scalarFieldJson(tag: number, end: number): string | undefined {
    const reader = this.#reader;
    switch (tag) {
      case STRING: {
        const textEnd = reader.lengthDelimitedEnd(end);
        const json = this.#texts.quoted(reader.bytes, reader.position, textEnd);
        reader.position = textEnd;
        return json;
      }
      case BOOL:
        return this.#bool(end) ? "true" : "false";
      case INT:
        return this.#integerJson(end);
      case DOUBLE:
        return doubleToJson(reader.double(end));
      default:
        return undefined;
    }
  }

  #anyValue(pieces: Pieces, depth: number): AttributeValue {
    const reader = this.#reader;
    let member = 0;
    let scalar: AttributeValue = null;
    let container: number[] = [];
    for (let piece = 0; piece < pieces.length; piece += 2) {
      const end = pieces[piece + 1]!;
      reader.position = pieces[piece]!;
      while (reader.position < end) {
        const tag = reader.tag(end);
        if (tag === ARRAY || tag === MAP) {
          // Of the members of a oneof the last one counts; the same message again is merged.
          if (member !== tag) container = [];
          member = tag;
          const containerEnd = reader.lengthDelimitedEnd(end);
          container.push(reader.position, containerEnd);
          reader.position = containerEnd;
        } else if (isScalar(tag)) {
          member = tag;
          scalar = this.#scalar(tag, end);
        } else {
          reader.skip(tag, end);
        }
      }
    }
    if (member === ARRAY) return this.#array(container, depth + 1);
    if (member === MAP) return this.#map(container, depth + 1);
    return scalar;
  }

  #scalar(tag: number, end: number): AttributeValue {
    switch (tag) {
      case STRING:
        return this.#text(end);
      case BOOL:
        return this.#bool(end);
      case INT:
        return this.#integer(end);
      case DOUBLE:
        return this.#reader.double(end);
      default:
        return this.#bytes(end);
    }
  }

  #array(pieces: Pieces, depth: number): AttributeValue {
    checkValueDepth(depth);
    const items: AttributeValue[] = [];
    this.#eachMember(pieces, (start, end) => {
      items.push(this.#anyValue([start, end], depth));
    });
    return items;
  }

  #map(pieces: Pieces, depth: number): AttributeValue {
    checkValueDepth(depth);
    const map = new Map<string, AttributeValue>();
    this.#eachMember(pieces, (start, end) => {
      this.#reader.position = start;
      this.next(end);
      // Nested maps read their own attributes through the same fields.
      const key = this.key;
      map.set(key, this.#anyValue(this.#pieces(), depth));
    });
    return map;
  }

  #eachMember(pieces: Pieces, visit: (start: number, end: number) => void): void {
    const reader = this.#reader;
    for (let piece = 0; piece < pieces.length; piece += 2) {
      const end = pieces[piece + 1]!;
      reader.position = pieces[piece]!;
      while (reader.position < end) {
        const tag = reader.tag(end);
        if (tag !== MEMBERS) {
          reader.skip(tag, end);
          continue;
        }
        const memberEnd = reader.lengthDelimitedEnd(end);
        visit(reader.position, memberEnd);
        reader.position = memberEnd;
      }
    }
  }

  #text(end: number): string {
    const reader = this.#reader;
    const textEnd = reader.lengthDelimitedEnd(end);
    const text = this.#texts.text(reader.bytes, reader.position, textEnd);
    reader.position = textEnd;
    return text;
  }

  #bytes(end: number): Uint8Array {
    const reader = this.#reader;
    const bytesEnd = reader.lengthDelimitedEnd(end);
    const bytes = reader.bytes.subarray(reader.position, bytesEnd);
    reader.position = bytesEnd;
    return bytes;
  }

  #bool(end: number): boolean {
    return this.#reader.varint(end) !== 0 || this.#reader.varintHigh !== 0;
  }

  #integer(end: number): bigint {
    const low = this.#reader.varint(end);
    return (BigInt(this.#reader.varintHigh | 0) << 32n) | BigInt(low);
  }

  #integerJson(end: number): string {
    const reader = this.#reader;
    const start = reader.position;
    const low = reader.varint(end);
    const high = reader.varintHigh | 0;
    if (high >= -EXACT_HIGH_LIMIT && high < EXACT_HIGH_LIMIT) return String(high * TWO_TO_32 + low);
    reader.position = start;
    return integerToJson(this.#integer(end));
  }
}

function isScalar(tag: number): boolean {
  return tag === STRING || tag === INT || tag === BOOL || tag === DOUBLE || tag === BYTES;
}
