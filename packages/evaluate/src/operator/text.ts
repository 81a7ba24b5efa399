import type { ComparisonOperator } from "@scouter/contracts";
import { expectedText, invalid } from "./expected.ts";
import { unary, wanted, type Operator } from "./operator.ts";

const TEXT_WANTED = wanted("a string");

function textOperator(
  name: ComparisonOperator,
  holds: (actual: string, expected: string) => boolean,
): Operator {
  return {
    arrays: "each",
    prepare: (value) => {
      const expected = expectedText(name, value);
      return (actual) => (typeof actual === "string" ? holds(actual, expected) : TEXT_WANTED);
    },
  };
}

/** Case-sensitive. */
export const startsWith = textOperator("StartsWith", (actual, prefix) => actual.startsWith(prefix));
export const endsWith = textOperator("EndsWith", (actual, suffix) => actual.endsWith(suffix));

function patternOperator(name: ComparisonOperator): Operator {
  return {
    arrays: "each",
    prepare: (value, patterns) => {
      const pattern = patterns.compiled(expectedText(name, value));
      return (actual) => (typeof actual === "string" ? pattern.matches(actual) : TEXT_WANTED);
    },
  };
}

/** The pattern is found anywhere in the text (unanchored), in RE2's syntax. Both names mean the same. */
export const matches = patternOperator("Matches");
export const matchesRegex = patternOperator("MatchesRegex");

const WORD_CHARACTER = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;

/**
 * The literal text occurs with no word character directly before or after it: what `\b` says of ordinary words, and
 * unlike `\b` also useful for `c++`. Case-sensitive.
 */
export const containsWord: Operator = {
  arrays: "each",
  prepare: (expected) => {
    const word = expectedText("ContainsWord", expected);
    if (word === "") throw invalid("ContainsWord", "a string of at least one character", expected);
    return (actual) => (typeof actual === "string" ? hasWord(actual, word) : TEXT_WANTED);
  },
};

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const before = at > 0 ? characterBefore(text, at) : "";
    const after = String.fromCodePoint(text.codePointAt(at + word.length) ?? 0);
    if (!WORD_CHARACTER.test(before) && !WORD_CHARACTER.test(after)) return true;
  }
  return false;
}

function characterBefore(text: string, at: number): string {
  const unit = text.charCodeAt(at - 1);
  const paired = unit >= 0xdc00 && unit <= 0xdfff && at > 1;
  return text.slice(paired ? at - 2 : at - 1, at);
}

const ALPHABETIC = /^\p{Alphabetic}*$/u;
const ALPHANUMERIC = /^[\p{Alphabetic}\p{N}]*$/u;
const LETTER = /\p{Alphabetic}/u;
const LETTER_NOT_LOWER = /(?!\p{Lowercase})\p{Alphabetic}/u;
const LETTER_NOT_UPPER = /(?!\p{Uppercase})\p{Alphabetic}/u;

function textTest(holds: (actual: string) => boolean): Operator {
  return unary((actual) => (typeof actual === "string" ? holds(actual) : TEXT_WANTED));
}

/** Every character is alphabetic (Unicode); an empty text passes, blanks do not. */
export const isAlphabetic = textTest((actual) => ALPHABETIC.test(actual));
export const isAlphanumeric = textTest((actual) => ALPHANUMERIC.test(actual));
/** All letters are lower case, other characters are ignored; a text without letters has no case and fails. */
export const isLowerCase = textTest((a) => LETTER.test(a) && !LETTER_NOT_LOWER.test(a));
export const isUpperCase = textTest((a) => LETTER.test(a) && !LETTER_NOT_UPPER.test(a));
