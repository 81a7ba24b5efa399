import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePath } from "./parse-path.ts";
import { printPath, type Path } from "./path.ts";

const field = (name: string) => ({ kind: "field", name }) as const;
const index = (at: number) => ({ kind: "index", index: at }) as const;
const wildcard = { kind: "wildcard" } as const;

describe("parsePath", () => {
  it.each<[string, Path]>([
    ["state", [field("state")]],
    ["_a1.B_2", [field("_a1"), field("B_2")]],
    ["a.b[0].c", [field("a"), field("b"), index(0), field("c")]],
    ["[0].a", [index(0), field("a")]],
    ["a[1][2]", [field("a"), index(1), index(2)]],
    ["a[007]", [field("a"), index(7)]],
    ["a[-1]", [field("a"), index(-1)]],
    ["items[*].name", [field("items"), wildcard, field("name")]],
    ["[*][*]", [wildcard, wildcard]],
    ['["gen_ai.usage"].input', [field("gen_ai.usage"), field("input")]],
    ['a["b c"]["2fa"]', [field("a"), field("b c"), field("2fa")]],
    ['["say \\"hi\\" \\u00e9 ]"]', [field('say "hi" é ]')]],
    ['[""]', [field("")]],
  ])("reads %s", (text, expected) => {
    expect(parsePath(text)).toEqual(expected);
  });

  it.each<[string, number, string]>([
    [".", 0, "a field name"],
    ["a-b", 1, "'.', '[' or the end"],
    ["user name", 4, "'.', '[' or the end"],
    ["2fa", 0, "a field name"],
    ["$.a", 0, "a field name"],
    ["é", 0, "a field name"],
    ["a.", 2, "a field name"],
    ["a..b", 2, "a field name"],
    ["a.[0]", 2, "a field name"],
    ["[0]a", 3, "'.', '[' or the end"],
    ["a[", 2, "an index"],
    ["a[]", 2, "an index"],
    ["a[1", 2, "an index"],
    ["a[x]", 2, "an index"],
    ["a['b']", 2, "an index"],
    ["a[1.5]", 2, "an index"],
    ["a[-0]", 2, "an index between"],
    ["a[9007199254740992]", 2, "an index between"],
    ['a["b]', 2, "an index"],
    ['a["\\x"]', 2, "a JSON string"],
    [" a", 0, "a field name"],
  ])("refuses %j at position %i", (text, position, wanted) => {
    const parse = () => parsePath(text);
    expect(parse).toThrow(expect.objectContaining({ code: "EVALUATE_PATH_SYNTAX" }));
    expect(parse).toThrow(`at position ${position}, expected`);
    expect(parse).toThrow(wanted);
  });

  it("has its limits at 512 bytes and 32 segments", () => {
    expect(parsePath("a".repeat(512))).toHaveLength(1);
    expect(() => parsePath("a".repeat(513))).toThrow(
      expect.objectContaining({ code: "EVALUATE_PATH_TOO_LONG" }),
    );
    expect(() => parsePath(`["${"é".repeat(255)}"]`)).toThrow("514 bytes");
    const segments = (count: number) => Array.from({ length: count }, () => "a").join(".");
    expect(parsePath(segments(32))).toHaveLength(32);
    expect(() => parsePath(segments(33))).toThrow(
      expect.objectContaining({ code: "EVALUATE_PATH_TOO_MANY_SEGMENTS" }),
    );
  });

  it.each([
    ["a-b", '["a-b"]'],
    ["info.größe.x", '["größe"]'],
    ["info.2fa", '["2fa"]'],
    ["user name", '["user name"]'],
    ["a[0]b-c", '["b-c"]'],
  ])("tells how the key in %s is written", (path, written) => {
    expect(() => parsePath(path)).toThrow(`a key with other characters is written ${written}`);
  });

  it.each(["a..b", "a.", ".a"])("tells no key in %s, where none is meant", (path) => {
    expect(() => parsePath(path)).toThrow(/position \d(?!.*is written)/);
  });

  it("refuses an empty path", () => {
    expect(() => parsePath("")).toThrow("empty context path");
  });

  it("reads what printPath wrote", () => {
    const segment = fc.oneof(
      fc.record({
        kind: fc.constant("field" as const),
        name: fc.string({ maxLength: 8, unit: "binary" }),
      }),
      fc.record({
        kind: fc.constant("field" as const),
        name: fc.stringMatching(/^[A-Za-z_]\w{0,6}$/),
      }),
      fc.record({
        kind: fc.constant("index" as const),
        index: fc.maxSafeInteger().map((at) => at + 0),
      }),
      fc.constant(wildcard),
    );
    const path = fc.array(segment, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(path, (segments) => {
        const text = printPath(segments);
        fc.pre(Buffer.byteLength(text) <= 512);
        expect(parsePath(text)).toEqual(segments);
      }),
    );
  });
});
