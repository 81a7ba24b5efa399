/** `status:error`, or `-status:error` when it must not be so. */
export interface FilterToken {
  readonly key: string;
  readonly value: string;
  readonly negated: boolean;
}

export interface Filter {
  readonly tokens: readonly FilterToken[];
  /** Words that belong to no key, in the order given. */
  readonly words: readonly string[];
}

const PIECE = /(-)?([\w.]+):("(?:[^"\\]|\\.)*"|\S+)|"((?:[^"\\]|\\.)*)"|(\S+)/g;

/**
 * Reads what a filter bar holds: `key:value` tokens (values with spaces in quotes) and plain words.
 *
 * @param keys the keys that exist; a token with another one is taken for a plain word
 */
export function parseFilter(text: string, keys: readonly string[]): Filter {
  const known = new Set(keys);
  const tokens: FilterToken[] = [];
  const words: string[] = [];
  for (const [piece, minus, key, value, quoted] of text.matchAll(PIECE)) {
    if (key !== undefined && value !== undefined && known.has(key)) {
      tokens.push({ key, value: unquoted(value), negated: minus !== undefined });
    } else {
      words.push(quoted === undefined ? piece : unescaped(quoted));
    }
  }
  return { tokens, words };
}

export function filterText({ tokens, words }: Filter): string {
  return [...tokens.map(tokenText), ...words.map(wordText)].join(" ");
}

export function tokenText({ key, value, negated }: FilterToken): string {
  return `${negated ? "-" : ""}${key}:${quotedIfNeeded(value)}`;
}

/** Words that would be read as something else are quoted. */
function wordText(word: string): string {
  return /[\s":]|^$/.test(word) ? quoted(word) : word;
}

function quotedIfNeeded(value: string): string {
  return /[\s"]|^$/.test(value) ? quoted(value) : value;
}

const quoted = (text: string) => `"${text.replace(/["\\]/g, String.raw`\$&`)}"`;
const unescaped = (text: string) => text.replace(/\\(.)/gs, "$1");
const unquoted = (text: string) => (/^".*"$/s.test(text) ? unescaped(text.slice(1, -1)) : text);
