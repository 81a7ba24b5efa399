import type { ScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const GROUP_START = 3;
const GROUP_END = 4;
const FIXED32 = 5;

/** A varint of 64 bits has at most so many bytes. */
const LONGEST_VARINT_BYTES = 10;

/** The tag of a field as it stands before its value. `wire`: 0 varint, 1 fixed64, 2 length-delimited, 5 fixed32. */
export const fieldTag = (field: number, wire: 0 | 1 | 2 | 5): number => (field << 3) | wire;

/**
 * A cursor over protobuf wire format. Every read is given the end of the message that it happens in, and throws
 * `OTLP_BODY_INVALID` with the byte offset when the value does not end before it.
 */
export class ProtobufReader {
  readonly bytes: Buffer;
  readonly #view: DataView;
  position = 0;
  /** Upper 32 bits of the varint read last, unsigned. */
  varintHigh = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next field's number and wire type as `fieldTag` gives them. */
  tag(end: number): number {
    const at = this.position;
    const tag = this.varint(end);
    if (this.varintHigh !== 0 || tag >>> 3 === 0)
      throw this.malformed(at, "field number is not valid");
    return tag;
  }

  /** Lower 32 bits of a varint, unsigned; the upper ones are in `varintHigh`. */
  varint(end: number): number {
    const position = this.position;
    if (position < end) {
      const byte = this.bytes[position]!;
      if (byte < 0x80) {
        this.position = position + 1;
        this.varintHigh = 0;
        return byte;
      }
    }
    return this.#longVarint(end);
  }

  /** Reads a length and returns where the value that follows it ends. */
  lengthDelimitedEnd(end: number): number {
    const at = this.position;
    const length = this.varint(end);
    const valueEnd = this.position + length;
    if (this.varintHigh !== 0 || valueEnd > end) {
      throw this.malformed(at, "a length runs past the end of its message");
    }
    return valueEnd;
  }

  fixed32(end: number): number {
    const at = this.#advance(4, end);
    return this.#view.getInt32(at, true);
  }

  fixed64(end: number): bigint {
    const at = this.#advance(8, end);
    return this.#view.getBigUint64(at, true);
  }

  double(end: number): number {
    const at = this.#advance(8, end);
    return this.#view.getFloat64(at, true);
  }

  /** Passes over the value of a field that is not known, or whose wire type is not the expected one. */
  skip(tag: number, end: number): void {
    if ((tag & 7) === GROUP_START) this.#skipGroup(tag, end);
    else this.#skipValue(tag, end);
  }

  malformed(offset: number, problem: string): ScouterError {
    return errors.OTLP_BODY_INVALID({ format: "protobuf", at: `byte ${offset}`, problem });
  }

  #skipValue(tag: number, end: number): void {
    switch (tag & 7) {
      case VARINT:
        this.varint(end);
        return;
      case FIXED64:
        this.#advance(8, end);
        return;
      case LENGTH:
        this.position = this.lengthDelimitedEnd(end);
        return;
      case FIXED32:
        this.#advance(4, end);
        return;
      default:
        throw this.malformed(this.position, `wire type ${tag & 7} is not valid here`);
    }
  }

  /** Groups may nest; a list of the open ones instead of recursion keeps hostile bytes off the stack. */
  #skipGroup(tag: number, end: number): void {
    const open = [tag >>> 3];
    while (open.length > 0) {
      const inner = this.tag(end);
      if ((inner & 7) === GROUP_START) open.push(inner >>> 3);
      else if ((inner & 7) !== GROUP_END) this.#skipValue(inner, end);
      else if (open.pop() !== inner >>> 3) {
        throw this.malformed(this.position, "a group ends that was not begun");
      }
    }
  }

  #longVarint(end: number): number {
    const start = this.position;
    const bytes = this.bytes;
    let low = 0;
    let high = 0;
    for (let count = 0; count < LONGEST_VARINT_BYTES; count += 1) {
      if (start + count >= end)
        throw this.malformed(start, "a number runs past the end of its message");
      const byte = bytes[start + count]!;
      const bits = byte & 0x7f;
      const shift = count * 7;
      if (shift < 32) low |= bits << shift;
      if (shift > 24) high |= shift < 32 ? bits >>> (32 - shift) : bits << (shift - 32);
      if (byte < 0x80) {
        this.position = start + count + 1;
        this.varintHigh = high >>> 0;
        return low >>> 0;
      }
    }
    throw this.malformed(start, `a number is longer than ${LONGEST_VARINT_BYTES} bytes`);
  }

  #advance(size: number, end: number): number {
    const at = this.position;
    if (at + size > end) throw this.malformed(at, "a number runs past the end of its message");
    this.position = at + size;
    return at;
  }
}
