import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextCache } from "./text-cache.ts";

const cached = (cache: TextCache, content: string) => {
  // Bytes on both sides, which must not be looked at.
  const bytes = Buffer.concat([Buffer.from("<"), Buffer.from(content), Buffer.from(">")]);
  const end = bytes.length - 1;
  return { text: cache.text(bytes, 1, end), quoted: cache.quoted(bytes, 1, end) };
};

/** Texts that repeat, and that collide: the slot depends on length and end. */
const content = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("", "a", "b", '"', "\u0000", "é", "x".repeat(40)),
      fc.constantFrom("same-end", "e"),
    )
    .map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 60 }),
);

describe("TextCache", () => {
  it("gives any text and its JSON, whatever it held before", () => {
    fc.assert(
      fc.property(fc.array(content, { maxLength: 30 }), (contents) => {
        const cache = new TextCache();
        for (const text of contents) {
          expect(cached(cache, text)).toEqual({ text, quoted: JSON.stringify(text) });
        }
      }),
    );
  });

  it.each([0, 1, 8, 47, 48, 49, 5_000])("gives a text of %d bytes", (length) => {
    const text = "k".repeat(length);
    expect(cached(new TextCache(), text)).toEqual({ text, quoted: `"${text}"` });
  });

  it("tells texts apart that share slot, length and end", () => {
    const cache = new TextCache();
    for (const text of ["one.input_tokens", "two.input_tokens", "one.input_tokens"]) {
      expect(cached(cache, text).text).toBe(text);
    }
  });
});
