/** Items of a batch in one message. */
export interface BatchPart {
  /** UTF-8 JSON of one MessageRecord. */
  readonly body: Uint8Array;
  /** Positions in the batch of the message's items, in the message's order. */
  readonly indexes: readonly number[];
  /** Records of the wire in the message. */
  readonly recordCount: number;
  /** Whether each record was made from all of the items; else record n is item n. */
  readonly sharesRecords: boolean;
}

export interface UnsendableItem {
  readonly index: number;
  readonly detail: string;
}

export interface SerialisedBatch {
  readonly parts: readonly BatchPart[];
  readonly unsendable: readonly UnsendableItem[];
}

/** After so much JSON the loop is given back: about 0.2 ms of work. */
const SLICE_BYTES = 128 * 1024;
const SLICE_ITEMS = 64;
/** Rows that are added up between two turns of the loop: cheaper than serialising, by far. */
export const OBSERVATION_SLICE = 256;

const OPEN = Buffer.from('{"records":[');
const CLOSE = Buffer.from("]}");
const COMMA = Buffer.from(",");

/**
 * Makes a batch's messages, in slices between which the event loop runs: one, or several where one would exceed
 * `maxBytes`. An item that cannot be made into JSON, or is too large alone, is reported and left out.
 *
 * @param jsonOf JSON of the item at a position; throws when it has none
 */
export async function serialiseBatch(
  itemCount: number,
  jsonOf: (index: number) => string,
  maxBytes: number,
): Promise<SerialisedBatch> {
  const writer = new BodyWriter(maxBytes);
  let sliceBytes = 0;
  let sliceItems = 0;
  for (let index = 0; index < itemCount; index += 1) {
    sliceBytes += writer.write(index, jsonOf);
    sliceItems += 1;
    if (sliceBytes >= SLICE_BYTES || sliceItems >= SLICE_ITEMS) {
      sliceBytes = 0;
      sliceItems = 0;
      await nextTurn();
    }
  }
  return writer.finish();
}

class BodyWriter {
  readonly #maxBytes: number;
  readonly #parts: BatchPart[] = [];
  readonly #unsendable: UnsendableItem[] = [];
  #texts: Buffer[] = [];
  #indexes: number[] = [];
  #sizeBytes = OPEN.length + CLOSE.length;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns bytes of JSON made, a measure of the time it took */
  write(index: number, jsonOf: (index: number) => string): number {
    let text: Buffer;
    try {
      text = Buffer.from(jsonOf(index));
    } catch (error) {
      this.#unsendable.push({
        index,
        detail: error instanceof Error ? error.message : String(error),
      });
      return 0;
    }
    const aloneBytes = OPEN.length + text.length + CLOSE.length;
    if (aloneBytes > this.#maxBytes) {
      const detail = `${aloneBytes} bytes of JSON: at most ${this.#maxBytes} are accepted`;
      this.#unsendable.push({ index, detail });
      return text.length;
    }
    if (this.#sizeBytes + text.length + COMMA.length > this.#maxBytes) this.#closePart();
    this.#texts.push(text);
    this.#indexes.push(index);
    this.#sizeBytes += text.length + COMMA.length;
    return text.length;
  }

  finish(): SerialisedBatch {
    this.#closePart();
    return { parts: this.#parts, unsendable: this.#unsendable };
  }

  #closePart(): void {
    if (this.#texts.length === 0) return;
    const recordCount = this.#texts.length;
    const body = bodyOf(this.#texts);
    this.#parts.push({ body, indexes: this.#indexes, recordCount, sharesRecords: false });
    this.#texts = [];
    this.#indexes = [];
    this.#sizeBytes = OPEN.length + CLOSE.length;
  }
}

/** A message of these records. */
export function bodyOf(records: readonly Buffer[]): Buffer {
  const pieces = records.flatMap((text, position) => (position === 0 ? [text] : [COMMA, text]));
  return Buffer.concat([OPEN, ...pieces, CLOSE]);
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
