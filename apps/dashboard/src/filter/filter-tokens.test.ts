import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { filterText, parseFilter } from "./filter-tokens.ts";

const keys = ["status", "service", "gen_ai.model"];
const token = (key: string, value: string, negated = false) => ({ key, value, negated });

describe("parseFilter", () => {
  it.each<[string, readonly object[], readonly string[]]>([
    ["", [], []],
    ["status:error", [token("status", "error")], []],
    ["-service:agent refund", [token("service", "agent", true)], ["refund"]],
    ['service:"two words"', [token("service", "two words")], []],
    ["gen_ai.model:a:b", [token("gen_ai.model", "a:b")], []],
    ["http://host/x other:1", [], ["http://host/x", "other:1"]],
    ['"status:error" as words', [], ["status:error", "as", "words"]],
    ['half "quoted', [], ["half", '"quoted']],
  ])("'%s'", (text, tokens, words) => {
    expect(parseFilter(text, keys)).toEqual({ tokens, words });
  });

  it("reads back what filterText writes", () => {
    const value = fc.string({ minLength: 1 });
    const filter = fc.record({
      tokens: fc.array(fc.record({ key: fc.constantFrom(...keys), value, negated: fc.boolean() })),
      words: fc.array(value),
    });
    fc.assert(
      fc.property(filter, (given) => {
        expect(parseFilter(filterText(given), keys)).toEqual(given);
      }),
    );
  });
});
