import { errors } from "../errors.ts";

/**
 * Parsed JSON that keeps what `JSON.parse` loses: a number without point and exponent is a bigint, any other a
 * number, and an object is a Map, so that keys that look like integers keep their place.
 */
export type ScannedJson =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly ScannedJson[]
  | ScannedObject;

export interface ScannedObject extends ReadonlyMap<string, ScannedJson> {}

/** Four levels of JSON stand for one level of a value in its longest form; the rest is slack. */
const MAX_JSON_DEPTH = 512;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS: readonly (readonly [string, ScannedJson])[] = [
  ["null", null],
  ["true", true],
  ["false", false],
];

/** Throws `TELEMETRY_ATTRIBUTE_JSON_INVALID` with the position of the first offence. */
export function scanJson(text: string): ScannedJson {
  return new JsonScanner(text).document();
}

class JsonScanner {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): ScannedJson {
    const value = this.#value(0);
    this.#space();
    if (this.#position < this.#text.length) throw this.#error("expected the end of the text");
    return value;
  }

  #value(depth: number): ScannedJson {
    if (depth > MAX_JSON_DEPTH) throw this.#error(`nested deeper than ${MAX_JSON_DEPTH} levels`);
    this.#space();
    switch (this.#text[this.#position]) {
      case '"':
        return this.#string();
      case "[":
        return this.#array(depth);
      case "{":
        return this.#object(depth);
      default:
        return this.#wordOrNumber();
    }
  }

  #array(depth: number): ScannedJson {
    const items: ScannedJson[] = [];
    this.#sequence("]", () => items.push(this.#value(depth + 1)));
    return items;
  }

  #object(depth: number): ScannedJson {
    const members = new Map<string, ScannedJson>();
    this.#sequence("}", () => {
      this.#space();
      const key = this.#string();
      this.#space();
      if (!this.#take(":")) throw this.#error("expected ':'");
      members.set(key, this.#value(depth + 1));
    });
    return members;
  }

  /** The opening bracket, members divided by commas, the closing bracket. */
  #sequence(close: string, member: () => void): void {
    this.#position += 1;
    this.#space();
    if (this.#take(close)) return;
    for (;;) {
      member();
      this.#space();
      if (this.#take(close)) return;
      if (!this.#take(",")) throw this.#error(`expected ',' or '${close}'`);
    }
  }

  #string(): string {
    const start = this.#position;
    const end = this.#text[start] === '"' ? closingQuote(this.#text, start + 1) : -1;
    if (end === -1) throw this.#error("expected a string");
    try {
      const value = JSON.parse(this.#text.slice(start, end + 1)) as string;
      this.#position = end + 1;
      return value;
    } catch (cause) {
      throw this.#error("string holds a bad escape or a control character", cause);
    }
  }

  #wordOrNumber(): ScannedJson {
    for (const [word, value] of WORDS) if (this.#take(word)) return value;
    const digits = this.#match(NUMBER);
    if (digits === undefined) throw this.#error("expected a value");
    return /[.eE]/.test(digits) ? Number(digits) : BigInt(digits);
  }

  #space(): void {
    this.#match(SPACE);
  }

  #take(piece: string): boolean {
    if (!this.#text.startsWith(piece, this.#position)) return false;
    this.#position += piece.length;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#position += found.length;
    return found;
  }

  #error(problem: string, cause?: unknown) {
    return errors.TELEMETRY_ATTRIBUTE_JSON_INVALID(
      { position: this.#position, problem },
      { cause },
    );
  }
}

/** A loop and not a pattern: a pattern would keep a backtracking entry for each character of a long string. */
function closingQuote(text: string, from: number): number {
  let quote = text.indexOf('"', from);
  while (quote !== -1) {
    let backslashes = 0;
    while (quote - backslashes > from && text[quote - backslashes - 1] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return quote;
    quote = text.indexOf('"', quote + 1);
  }
  return -1;
}
