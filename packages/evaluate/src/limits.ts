/** A path may have this many UTF-8 bytes and segments: the limits existing profiles were written against. */
export const MAX_PATH_BYTES = 512;
export const MAX_PATH_SEGMENTS = 32;

/** Longest pattern accepted, in characters. Longer ones are word lists, better written as ContainsAny. */
export const MAX_PATTERN_CHARACTERS = 4_096;

/**
 * Bound on (compiled instructions x characters of text) of one match. The engine is linear in that product and took
 * up to 60 ns a unit in our measurements, so one match cannot hold a thread much longer than a second.
 */
export const MAX_PATTERN_WORK = 20_000_000;

/** Nesting that comparisons and results follow: deep enough for real data, far from the stack's end. */
export const MAX_JSON_DEPTH = 500;

/** Characters of a value shown in a message. */
export const MAX_SHOWN_CHARACTERS = 500;

/** Problems spelled out in one validation error; the typed list always holds all of them. */
export const MAX_LISTED_PROBLEMS = 50;
