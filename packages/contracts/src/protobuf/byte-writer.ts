/** Collects the parts of an encoded message; large values are not copied before the end. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];
  #small: number[] = [];
  #sizeBytes = 0;

  /** Base-128, least significant group first. @param value an integer from 0 to 2^53 - 1 */
  varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#small.push((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    this.#small.push(rest);
  }

  /** Length, then the bytes. */
  lengthDelimited(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.#flush();
    this.#parts.push(bytes);
    this.#sizeBytes += bytes.length;
  }

  finish(): Uint8Array {
    this.#flush();
    const whole = new Uint8Array(this.#sizeBytes);
    let offset = 0;
    for (const part of this.#parts) {
      whole.set(part, offset);
      offset += part.length;
    }
    return whole;
  }

  #flush(): void {
    if (this.#small.length === 0) return;
    this.#parts.push(Uint8Array.from(this.#small));
    this.#sizeBytes += this.#small.length;
    this.#small = [];
  }
}
