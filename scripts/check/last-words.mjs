import { stripVTControlCharacters } from "node:util";

const BEGINNING = /^(?:# Fatal error|FATAL ERROR|.*Assertion .*failed|terminate called)/im;
const MAX_LINES = 30;
const LIMIT = 16_384;

/**
 * What a program said on standard error when it died by its own hand: an engine's failed check, an allocation that
 * failed, an assertion of a native part. The stack that follows is the only trace of where it was. The first such words
 * are kept, whatever others say after them.
 */
export class LastWords {
  #text = "";
  #begun = false;

  /** @param {string} chunk what it says next */
  add(chunk) {
    if (this.#begun && this.#text.length >= LIMIT) return;
    this.#text += stripVTControlCharacters(chunk);
    if (this.#begun) return;
    const found = BEGINNING.exec(this.#text);
    this.#begun = found !== null;
    this.#text = found === null ? this.#text.slice(-LIMIT) : this.#text.slice(found.index);
  }

  /** @returns {string} empty when it said no such thing */
  text() {
    if (!this.#begun) return "";
    // What follows a line of dashes is said by the test runner, of the death.
    const [own] = this.#text.split(/^⎯/m);
    const lines = own.split("\n").slice(0, MAX_LINES);
    return lines.filter((line) => !/^#?\s*$/.test(line)).join("\n");
  }
}
