export const VARINT = 0;
export const LENGTH_DELIMITED = 2;
const FIXED_64 = 1;
const FIXED_32 = 5;

/** Why bytes are not a message; the caller names the message. */
export class MalformedBytes extends Error {}

/** Reads the parts of an encoded message in order. Every method throws `MalformedBytes` at damaged bytes. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  /** @returns an integer from 0 to 2^53 - 1; negative numbers of 32 bits and larger ones are refused */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10; count += 1) {
      const byte = this.#bytes[this.#offset];
      if (byte === undefined) throw new MalformedBytes("it ends inside a number");
      this.#offset += 1;
      value += (byte & 127) * factor;
      factor *= 128;
      if (byte < 128) {
        if (value > Number.MAX_SAFE_INTEGER) throw new MalformedBytes("a number is above 2^53 - 1");
        return value;
      }
    }
    throw new MalformedBytes("a number has more than 10 bytes");
  }

  /** A view of the bytes, not a copy. */
  lengthDelimited(): Uint8Array {
    return this.#take(this.varint());
  }

  /** Passes over the value of a field that is not known. */
  skip(wireType: number): void {
    switch (wireType) {
      case VARINT:
        return this.#skipVarint();
      case LENGTH_DELIMITED:
        return void this.lengthDelimited();
      case FIXED_64:
        return void this.#take(8);
      case FIXED_32:
        return void this.#take(4);
      default:
        throw new MalformedBytes(`wire type ${wireType} is not known`);
    }
  }

  #skipVarint(): void {
    for (let count = 0; count < 10; count += 1) {
      const [byte = 0] = this.#take(1);
      if (byte < 128) return;
    }
    throw new MalformedBytes("a number has more than 10 bytes");
  }

  #take(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw new MalformedBytes("it ends inside a value");
    const taken = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }
}
