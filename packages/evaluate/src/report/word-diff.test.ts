import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wordDiff } from "./word-diff.ts";

const shown = (before: string, after: string) =>
  wordDiff(before, after)
    .map(({ kind, text }) =>
      kind === "same" ? text : kind === "added" ? `{+${text}+}` : `[-${text}-]`,
    )
    .join("");

const words = (text: string) => text.match(/\s+|[a-z]+|,/g) ?? [];

/** Of the longest common subsequence, by the textbook's table. */
function longestCommon(from: readonly string[], to: readonly string[]): number {
  let above = Array.from({ length: to.length + 1 }, () => 0);
  for (const word of from) {
    const row = [0];
    for (const [index, other] of to.entries()) {
      const longer = Math.max(row[index] ?? 0, above[index + 1] ?? 0);
      row.push(word === other ? (above[index] ?? 0) + 1 : longer);
    }
    above = row;
  }
  return above.at(-1) ?? 0;
}

describe("wordDiff", () => {
  it.each([
    ["the same", "a b", "a b", "a b"],
    ["nothing", "", "", ""],
    [
      "one word for another",
      "Refunds take 14 days.",
      "Refunds take 30 days.",
      "Refunds take [-14-]{+30+} days.",
    ],
    ["a word more", "a c", "a b c", "a {+b +}c"],
    ["all of it", "yes", "no", "[-yes-]{+no+}"],
    ["from nothing", "", "some text", "{+some text+}"],
    ["accents and signs", "café: 5 €", "café: 6 €", "café: [-5-]{+6+} €"],
  ])("%s", (_, before, after, expected) => {
    expect(shown(before, after)).toBe(expected);
  });

  it("gives both texts back, with as few changed words as there can be", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "c", " ", ", "), { maxLength: 24 })
      .map((own) => own.join(""));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const parts = wordDiff(before, after);
        const side = (other: string) =>
          parts
            .filter(({ kind }) => kind !== other)
            .map((part) => part.text)
            .join("");
        expect(side("added")).toBe(before);
        expect(side("removed")).toBe(after);
        const kept = parts
          .filter(({ kind }) => kind === "same")
          .flatMap((part) => words(part.text));
        expect(kept).toHaveLength(longestCommon(words(before), words(after)));
      }),
    );
  });

  it("does not take apart what is altogether different", () => {
    const text = (prefix: string) =>
      Array.from({ length: 1500 }, (_, index) => `${prefix}${String(index)}`).join("x ");
    expect(wordDiff(text("a"), text("b")).length).toBeLessThan(6);
  });
});
