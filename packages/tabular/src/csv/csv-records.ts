/** What is wrong with a text at one of its lines. */
export class CsvSyntaxError extends Error {
  readonly line: number;
  constructor(line: number, reason: string) {
    super(reason);
    this.line = line;
  }
}

/** Called with every record; both the list and its texts may be kept. `line` counts from 1, where the record begins. */
export type OnRecord = (fields: string[], line: number) => void;

const QUOTE = 34;
const LINE_FEED = 10;
const RETURN = 13;

/**
 * Records of comma-separated text (RFC 4180) that comes in pieces, cut anywhere. Fields may be quoted, with quotes in
 * them doubled and line breaks as they are; lines end with LF or CRLF, the last one with the text too. Empty lines are no
 * records. Throws CsvSyntaxError.
 */
export class CsvRecords {
  readonly #delimiter: number;
  readonly #onRecord: OnRecord;
  /** What is left of the last piece: the beginning of a record. */
  #rest = "";
  #line = 1;

  /** @param delimiter one character, neither quote nor line break */
  constructor(delimiter: string, onRecord: OnRecord) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#onRecord = onRecord;
  }

  push(piece: string): void {
    const text = this.#rest === "" ? piece : this.#rest + piece;
    this.#rest = text.slice(this.#read(text, false));
  }

  /** No piece follows. */
  end(): void {
    const read = this.#read(this.#rest, true);
    this.#rest = this.#rest.slice(read);
  }

  /** Reads whole records, at the end also one that no line break ends; returns where the first unread one begins. */
  #read(text: string, isLast: boolean): number {
    let start = 0;
    while (start < text.length) {
      const record = this.#record(text, start, isLast);
      if (record === undefined) return start;
      const { fields, end, lines } = record;
      if (fields.length > 1 || fields[0] !== "" || record.isQuoted)
        this.#onRecord(fields, this.#line);
      this.#line += lines;
      start = end;
    }
    return start;
  }

  /** The record that begins at `start`, or undefined when the text ends within it. */
  #record(text: string, start: number, isLast: boolean) {
    const fields: string[] = [];
    let at = start;
    let lines = 1;
    let isQuoted = false;
    for (;;) {
      let field: string;
      if (text.charCodeAt(at) === QUOTE) {
        const quoted = this.#quoted(text, at, isLast, lines);
        if (quoted === undefined) return undefined;
        ({ field, end: at } = quoted);
        lines += quoted.lines;
        isQuoted = true;
      } else {
        const from = at;
        at = this.#plainEnd(text, at);
        field = text.slice(from, at);
      }
      fields.push(field);
      if (at >= text.length) return isLast ? { fields, end: at, lines, isQuoted } : undefined;
      const unit = text.charCodeAt(at);
      at += 1;
      if (unit === this.#delimiter) continue;
      if (unit === LINE_FEED) return { fields, end: at, lines, isQuoted };
      // A return: alone it ends a line too, but the line feed after it may be in the next piece.
      if (at === text.length && !isLast) return undefined;
      const end = text.charCodeAt(at) === LINE_FEED ? at + 1 : at;
      return { fields, end, lines, isQuoted };
    }
  }

  #plainEnd(text: string, start: number): number {
    let at = start;
    for (; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit === this.#delimiter || unit === LINE_FEED || unit === RETURN) break;
    }
    return at;
  }

  #quoted(text: string, start: number, isLast: boolean, linesBefore: number) {
    let end = start + 1;
    for (;;) {
      end = text.indexOf('"', end);
      if (end < 0) {
        if (!isLast) return undefined;
        throw new CsvSyntaxError(this.#line + linesBefore - 1, "a quoted field does not end");
      }
      if (end + 1 === text.length && !isLast) return undefined;
      if (text.charCodeAt(end + 1) !== QUOTE) break;
      end += 2;
    }
    const inner = text.slice(start + 1, end);
    const lines = inner.includes("\n") ? inner.split("\n").length - 1 : 0;
    const next = text.charCodeAt(end + 1);
    const isClosed =
      Number.isNaN(next) || next === this.#delimiter || next === LINE_FEED || next === RETURN;
    if (!isClosed) {
      const line = this.#line + linesBefore - 1 + lines;
      throw new CsvSyntaxError(line, `text follows the closing quote of "${inner.slice(0, 40)}"`);
    }
    const field = inner.includes('""') ? inner.replaceAll('""', '"') : inner;
    return { field, end: end + 1, lines };
  }
}
