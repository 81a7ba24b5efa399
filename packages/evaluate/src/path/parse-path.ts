import { errors } from "../errors.ts";
import { MAX_PATH_BYTES, MAX_PATH_SEGMENTS } from "../limits.ts";
import type { Path, PathSegment } from "./path.ts";

// Sticky expressions: each is tried at one position only and has no nested repeats, so none can backtrack far.
const FIELD = /[A-Za-z_][A-Za-z0-9_]*/y;
const INDEX = /\[(-?[0-9]+)\]/y;
const WILDCARD = /\[\*\]/y;
const QUOTED = /\[("(?:[^"\\]|\\.)*")\]/suy;

/**
 * Reads a context path.
 *
 * ```text
 * path    = (field | bracket) { "." field | bracket }
 * field   = letter or "_", then letters, digits, "_" (ASCII)
 * bracket = "[" integer "]" | "[*]" | "[" JSON string "]"
 * ```
 * @throws EVALUATE_PATH_EMPTY, EVALUATE_PATH_TOO_LONG (512 bytes), EVALUATE_PATH_TOO_MANY_SEGMENTS (32),
 * EVALUATE_PATH_SYNTAX with the zero-based character position
 * @example parsePath('items[-1]["gen_ai.usage"].input')
 */
export function parsePath(text: string): Path {
  if (text === "") throw errors.EVALUATE_PATH_EMPTY(undefined);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_PATH_BYTES) throw errors.EVALUATE_PATH_TOO_LONG({ bytes });
  const segments: PathSegment[] = [];
  let position = 0;
  while (position < text.length) {
    const [segment, end] = segmentAt(text, position);
    segments.push(segment);
    if (segments.length > MAX_PATH_SEGMENTS) {
      throw errors.EVALUATE_PATH_TOO_MANY_SEGMENTS({ path: text });
    }
    position = end;
  }
  return segments;
}

function segmentAt(text: string, position: number): [PathSegment, number] {
  if (text[position] === "[") return bracketAt(text, position);
  if (position === 0) return fieldAt(text, 0);
  if (text[position] === ".") return fieldAt(text, position + 1);
  throw syntaxError(text, position, `'.', '[' or the end${quotedHint(text, position)}`);
}

function fieldAt(text: string, position: number): [PathSegment, number] {
  FIELD.lastIndex = position;
  const name = FIELD.exec(text)?.[0];
  if (name === undefined) {
    const expected = `a field name (letter or '_' first)${quotedHint(text, position)}`;
    throw syntaxError(text, position, expected);
  }
  return [{ kind: "field", name }, position + name.length];
}

function bracketAt(text: string, position: number): [PathSegment, number] {
  WILDCARD.lastIndex = position;
  if (WILDCARD.test(text)) return [{ kind: "wildcard" }, position + 3];
  INDEX.lastIndex = position;
  const indexMatch = INDEX.exec(text);
  if (indexMatch?.[1] !== undefined) {
    return [indexSegment(text, position, indexMatch[1]), position + indexMatch[0].length];
  }
  QUOTED.lastIndex = position;
  const quoted = QUOTED.exec(text);
  if (quoted?.[1] !== undefined) {
    return [quotedSegment(text, position, quoted[1]), position + quoted[0].length];
  }
  throw syntaxError(text, position + 1, 'an index, * or a key in double quotes, then "]"');
}

function indexSegment(text: string, position: number, digits: string): PathSegment {
  const index = Number(digits);
  if (!Number.isSafeInteger(index) || Object.is(index, -0)) {
    throw syntaxError(text, position + 1, "an index between -(2^53 - 1) and 2^53 - 1, and not -0");
  }
  return { kind: "index", index };
}

function quotedSegment(text: string, position: number, literal: string): PathSegment {
  try {
    return { kind: "field", name: JSON.parse(literal) as string };
  } catch {
    // JSON.parse only says "bad string"; the position in the path says more.
    throw syntaxError(text, position + 1, "a key written as a JSON string");
  }
}

/** How the key that was most likely meant is written; nothing where there is none. */
function quotedHint(text: string, position: number): string {
  const before = /[^.[\]]*$/.exec(text.slice(0, position))?.[0] ?? "";
  const key = before + (/^[^.[]*/.exec(text.slice(position))?.[0] ?? "");
  return key === "" ? "" : `; a key with other characters is written [${JSON.stringify(key)}]`;
}

function syntaxError(path: string, position: number, expected: string): Error {
  const character = path[position];
  const found =
    character === undefined ? "the path ends" : `unexpected ${JSON.stringify(character)}`;
  return errors.EVALUATE_PATH_SYNTAX({ path, position, expected, found });
}
