import { RE2JS } from "re2js";
import { errors } from "../errors.ts";
import { shownJson } from "../json/shown-json.ts";
import { MAX_PATTERN_CHARACTERS, MAX_PATTERN_WORK } from "../limits.ts";

const CAPACITY = 256;

/** A pattern of RE2's syntax, matched in linear time. */
export class CompiledPattern {
  readonly #pattern: RE2JS;

  constructor(pattern: RE2JS) {
    this.#pattern = pattern;
  }

  /** @throws EVALUATE_PATTERN_TOO_COSTLY */
  matches(text: string): boolean {
    const instructions = this.#pattern.programSize();
    if (instructions * text.length > MAX_PATTERN_WORK) {
      throw errors.EVALUATE_PATTERN_TOO_COSTLY({ instructions, characters: text.length });
    }
    return this.#pattern.test(text);
  }
}

/**
 * Compiled patterns by their text, the least recently used dropped first. Constant patterns are compiled once per task
 * anyway; the cache serves those that a template takes from the record.
 */
export class PatternCache {
  readonly #patterns = new Map<string, CompiledPattern>();

  /** @throws EVALUATE_PATTERN_INVALID */
  compiled(source: string): CompiledPattern {
    const known = this.#patterns.get(source);
    const pattern = known ?? compile(source);
    this.#patterns.delete(source);
    this.#patterns.set(source, pattern);
    if (this.#patterns.size > CAPACITY) {
      const [oldest = source] = this.#patterns.keys();
      this.#patterns.delete(oldest);
    }
    return pattern;
  }
}

function compile(source: string): CompiledPattern {
  const pattern = shownJson(source);
  if (source.length > MAX_PATTERN_CHARACTERS) {
    const reason = `it has ${source.length} characters, at most ${MAX_PATTERN_CHARACTERS} are allowed`;
    throw errors.EVALUATE_PATTERN_INVALID({ pattern, reason });
  }
  try {
    return new CompiledPattern(RE2JS.compile(source));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw errors.EVALUATE_PATTERN_INVALID({ pattern, reason }, { cause: error });
  }
}
