import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttributeValue } from "./attribute-value.ts";
import { attributeValueToJson } from "./attribute-value-to-json.ts";
import { jsonToAttributeValue } from "./json-to-attribute-value.ts";
import { plainJsonOf } from "./plain-json.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);
const map = (...entries: [string, AttributeValue][]) => new Map(entries);

const CASES: readonly (readonly [name: string, value: AttributeValue, json: string])[] = [
  ["no value", null, "null"],
  ["true", true, "true"],
  ["false", false, "false"],
  ["text", 'a "b"\n', '"a \\"b\\"\\n"'],
  ["empty text", "", '""'],
  ["int", 42n, "42"],
  ["int 2^53", 2n ** 53n, "9007199254740992"],
  ["int -2^53", -(2n ** 53n), "-9007199254740992"],
  ["int beyond 2^53", 2n ** 53n + 1n, '{"intValue":"9007199254740993"}'],
  ["smallest int", -(2n ** 63n), '{"intValue":"-9223372036854775808"}'],
  ["integral double", 5, "5.0"],
  ["double", 0.1, "0.1"],
  ["zero", 0, "0.0"],
  ["negative zero", -0, "-0.0"],
  ["double just below the exponent form", 1e20, "100000000000000000000.0"],
  ["large double", 1e300, "1e+300"],
  ["smallest double", 5e-324, "5e-324"],
  ["NaN", Number.NaN, '{"doubleValue":"NaN"}'],
  ["infinity", Infinity, '{"doubleValue":"Infinity"}'],
  ["negative infinity", -Infinity, '{"doubleValue":"-Infinity"}'],
  ["bytes", bytes(255, 254, 0), '{"bytesValue":"//4A"}'],
  ["no bytes", bytes(), '{"bytesValue":""}'],
  ["array", [1n, 1, "1", null], '[1,1.0,"1",null]'],
  ["empty array", [], "[]"],
  ["map", map(["b", 1n], ["a", [true]]), '{"b":1,"a":[true]}'],
  ["map with keys like integers", map(["2", 1n], ["1", 2n]), '{"2":1,"1":2}'],
  ["empty map", map(), "{}"],
  [
    "map that looks like an int",
    map(["intValue", "5"]),
    '{"kvlistValue":{"values":[{"key":"intValue","value":{"stringValue":"5"}}]}}',
  ],
  [
    "map that looks like a map",
    map(["kvlistValue", map(["values", [null, 5, map()]])]),
    '{"kvlistValue":{"values":[{"key":"kvlistValue","value":{"kvlistValue":{"values":[{"key":"values","value":{"arrayValue":{"values":[{},{"doubleValue":5},{"kvlistValue":{"values":[]}}]}}}]}}}]}}',
  ],
  ["map with such a key among others", map(["intValue", "5"], ["a", 1n]), '{"intValue":"5","a":1}'],
];

const attributeValue: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>(
  (tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constant(null),
      fc.boolean(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.bigInt({ min: 2n ** 53n - 2n, max: 2n ** 53n + 2n }),
      fc.double(),
      // Any UTF-16 text, lone surrogates too.
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((c) => String.fromCharCode(c)) }),
      fc.uint8Array({ maxLength: 20 }),
      fc.array(tie("value"), { maxLength: 4 }),
      fc
        .array(
          fc.tuple(
            fc.oneof(fc.string(), fc.constantFrom("doubleValue", "bytesValue", "1", "__proto__")),
            tie("value"),
          ),
          { maxLength: 4 },
        )
        .map((entries) => new Map(entries)),
    ),
  }),
).value;

describe("attributeValueToJson", () => {
  it.each(CASES)("writes %s", (_name, value, json) => {
    expect(attributeValueToJson(value)).toBe(json);
  });

  it.each(CASES)("is undone by jsonToAttributeValue for %s", (_name, value, json) => {
    expect(jsonToAttributeValue(json)).toStrictEqual(value);
  });

  it("is undone for any value, order of maps included, and always writes JSON", () => {
    fc.assert(
      fc.property(attributeValue, (value) => {
        const json = attributeValueToJson(value);
        JSON.parse(json);
        const back = jsonToAttributeValue(json);
        expect(back).toStrictEqual(value);
        expect(attributeValueToJson(back)).toBe(json);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("jsonToAttributeValue", () => {
  it.each([
    ["space around tokens", ' { "a" : [ 1 , 2.5 ] } ', map(["a", [1n, 2.5]])],
    ["an exponent as a double", "1e2", 100],
    ["the last value of a repeated key", '{"a":1,"b":2,"a":3}', map(["a", 3n], ["b", 2n])],
    ["a long text with escapes", `"${String.raw`\"`.repeat(50_000)}"`, '"'.repeat(50_000)],
    ["OTLP's own form of a text", '{"stringValue":"x"}', "x"],
  ])("reads %s", (_name, json, value) => {
    expect(jsonToAttributeValue(json)).toStrictEqual(value);
  });

  it.each([
    ["nothing", "", 0],
    ["a trailing comma", "[1,]", 3],
    ["an open string", '"abc', 0],
    ["a bad escape", '"\\x"', 0],
    ["a leading zero", "01", 1],
    ["text after the value", "1 2", 2],
    ["a missing colon", '{"a" 1}', 5],
    ["a key that is no string", "{1:2}", 1],
    ["endless nesting", "[".repeat(100_000), 513],
  ])("refuses %s and says where", (_name, json, position) => {
    expect(() => jsonToAttributeValue(json)).toThrowError(
      expect.objectContaining({
        code: "TELEMETRY_ATTRIBUTE_JSON_INVALID",
        kind: "invalid",
        message: expect.stringContaining(`at character ${position}:`),
      }),
    );
  });

  it("reads what JSON.parse reads, and refuses what it refuses", () => {
    const token = fc.constantFrom(
      "[",
      "]",
      "{",
      "}",
      ":",
      ",",
      '"',
      "1",
      "-",
      ".",
      "e",
      "\\",
      " ",
      "true",
    );
    const text = fc.oneof(fc.json(), fc.string({ unit: token }));
    fc.assert(
      fc.property(text, (json) => {
        expect(attempt(() => plainJsonOf(json))).toEqual(
          attempt(() => JSON.parse(json) as unknown),
        );
        expect(attempt(() => jsonToAttributeValue(json)) === REFUSED).toBe(
          attempt(() => JSON.parse(json) as unknown) === REFUSED,
        );
      }),
    );
  });
});

const REFUSED = Symbol("refused");

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    // Which error it is, is another test's business.
    return REFUSED;
  }
}

describe("plainJsonOf", () => {
  it.each([
    ["plain JSON", '{"a":[1,2.0,"x",null]}', { a: [1, 2, "x", null] }],
    ["a large int as text", '{"intValue":"9007199254740993"}', "9007199254740993"],
    ["2^53 as a number", "9007199254740992", 2 ** 53],
    ["bytes as base64", '{"bytesValue":"//4A"}', "//4A"],
    ["NaN as null", '{"doubleValue":"NaN"}', null],
    ["escaped values inside", '{"a":[{"doubleValue":"Infinity"}],"b":1.5}', { a: [null], b: 1.5 }],
    ["a map that looks escaped", attributeValueToJson(map(["intValue", "5"])), { intValue: "5" }],
    ["a text that mentions a form", '"intValue\\""', 'intValue"'],
  ])("gives %s", (_name, json, plain) => {
    expect(plainJsonOf(json)).toStrictEqual(plain);
  });

  it("names the position in text that is not JSON", () => {
    expect(() => plainJsonOf("[1 2]")).toThrowError(/at character 3: expected ','/);
  });
});
