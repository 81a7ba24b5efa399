/** Texts that stand for no value in a column of numbers. In a column of texts only the empty one does. */
const MISSING = new Set(["", "NA", "N/A", "n/a", "na", "null", "NULL", "None"]);
/** Texts that are numbers without digits, by lower case. */
const WORDS = new Map([
  ["nan", NaN],
  ["inf", Infinity],
  ["+inf", Infinity],
  ["-inf", -Infinity],
  ["infinity", Infinity],
  ["+infinity", Infinity],
  ["-infinity", -Infinity],
]);

/** A field as a number; null for a missing value, undefined when it is no number. */
export function numberOf(field: string): number | null | undefined {
  const value = Number(field);
  // Number reads "" and blanks as 0, and 0x10, 0b1, 0o7 as what they are in programs.
  if (value - value === 0 && field !== "") {
    const second = field.charCodeAt(1) | 32;
    const isPlain = second !== 120 && second !== 98 && second !== 111;
    if (isPlain && (value !== 0 || field.trim() !== "")) return value;
  }
  const text = field.trim();
  if (MISSING.has(text)) return null;
  const word = WORDS.get(text.toLowerCase());
  // Beyond the largest number, as 1e999, is infinity.
  return word ?? (/^[+-]?\d+(\.\d*)?e\+?\d+$/i.test(text) ? value : undefined);
}
