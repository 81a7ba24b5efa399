import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSearch, stringifySearch } from "./search.ts";

describe("the address", () => {
  it("keeps texts as they are, whatever they look like", () => {
    const texts = fc.dictionary(
      fc.string({ minLength: 1 }).filter((name) => name !== "__proto__"),
      fc.string({ minLength: 1 }),
    );
    fc.assert(
      fc.property(texts, (search) => {
        expect(parseSearch(stringifySearch(search))).toEqual({ ...search });
      }),
    );
  });

  it("leaves out what is not set, and is readable", () => {
    expect(stringifySearch({ range: "2h", live: undefined, filter: "status:error", q: "" })).toBe(
      "?range=2h&filter=status:error",
    );
    expect(stringifySearch({})).toBe("");
  });
});
