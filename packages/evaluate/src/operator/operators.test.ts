import {
  addedOperators,
  comparisonOperators,
  isScouterError,
  type ComparisonOperator,
  type Json,
} from "@scouter/contracts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Verdict } from "./operator.ts";
import { operatorTable } from "./operator-table.ts";
import { PatternCache } from "./pattern-cache.ts";

const verdict = (operator: ComparisonOperator, actual: Json, expected: Json): Verdict =>
  operatorTable[operator].prepare(expected, new PatternCache())(actual);

const T = true;
const F = false;

describe("operators", () => {
  it("are all there", () => {
    const names = [...comparisonOperators, ...addedOperators];
    expect(Object.keys(operatorTable).sort()).toEqual(names.sort());
    expect(comparisonOperators).toHaveLength(46);
  });

  it.each<[Json, ComparisonOperator, Json, boolean]>([
    [5, "Equals", 5.0, T],
    [300, "Equals", "300.0", T],
    ["1e3", "Equals", 1000, T],
    ["+5", "Equals", 5, T],
    [".5", "Equals", 0.5, T],
    ["5.", "Equals", 5, T],
    ["inf", "Equals", Infinity, T],
    ["-Infinity", "Equals", -Infinity, T],
    ["nan", "Equals", 5, F],
    [" 5", "Equals", 5, F],
    ["0x5", "Equals", 5, F],
    ["5_0", "Equals", 50, F],
    ["", "Equals", 0, F],
    ["5", "Equals", "5.0", F],
    [true, "Equals", 1, F],
    ["true", "Equals", true, F],
    [null, "Equals", null, T],
    [null, "Equals", 0, F],
    [["5"], "Equals", [5], F],
    [{ a: 1, b: [2] }, "Equals", { b: [2.0], a: 1 }, T],
    [{ a: 1 }, "Equals", { a: 1, b: null }, F],
    [{ a: null }, "Equals", { b: null }, F],
    [-0, "Equals", 0, T],
    [7, "GreaterThan", 7, F],
    [7, "GreaterThanOrEqual", 7, T],
    [7, "LessThan", 7, F],
    [7, "LessThanOrEqual", 7, T],
    [0, "InRange", [0, 1], T],
    [1, "InRange", [0, 1], T],
    [1.01, "InRange", [0, 1], F],
    [1.01, "NotInRange", [0, 1], T],
    [5, "InRange", [9, 1], F],
    [0, "IsPositive", null, F],
    [0, "IsNegative", null, F],
    [-0, "IsZero", null, T],
    [0.1, "IsZero", null, F],
    [99, "ApproximatelyEquals", [100, 1], T],
    [100, "ApproximatelyEquals", [100, -1], F],
    ["", "HasLengthEqual", 0, T],
    ["héllo", "HasLengthEqual", 5, T],
    ["😀é", "HasLengthEqual", 2, T],
    ["\ud83d", "HasLengthEqual", 1, T],
    [{ a: 1, b: 2 }, "HasLengthEqual", 2, T],
    [[1, 2], "HasLengthGreaterThan", 1.5, T],
    [[1, 2], "HasLengthLessThan", 2, F],
    ["", "Contains", "", T],
    ["Fox", "Contains", "fox", F],
    [[{ a: 1 }, [2]], "Contains", [2.0], T],
    [[{ a: 1 }], "Contains", { a: 1 }, T],
    [["5"], "Contains", 5, F],
    [[], "Contains", "x", F],
    [[], "NotContains", "x", T],
    ["abc", "NotContains", "b", F],
    [[1, 2], "ContainsAll", [], T],
    [[1, 2], "ContainsAll", [2, 1, 2], T],
    [[1, 2], "ContainsAll", [3], F],
    [[1, 2], "ContainsAny", [], F],
    ["a fox", "ContainsAny", [1, "fox"], T],
    ["a fox", "ContainsAny", [1], F],
    ["a fox", "ContainsNone", ["dog"], T],
    [[1, 2], "ContainsNone", [3], T],
    [[1, 2], "ContainsNone", [2], F],
    [[1, [2]], "SequenceMatches", [1, [2]], T],
    [[1, 2], "SequenceMatches", [2, 1], F],
    [[1], "SequenceMatches", [1, 1], F],
    [null, "IsEmpty", null, T],
    ["", "IsEmpty", null, T],
    [{}, "IsEmpty", null, T],
    [" ", "IsEmpty", null, F],
    [null, "IsNotEmpty", null, F],
    [{ a: 1 }, "IsNotEmpty", null, T],
    [[1, "1", [1], { a: 1, b: 2 }], "HasUniqueItems", null, T],
    [
      [
        { a: 1, b: 2 },
        { b: 2, a: 1.0 },
      ],
      "HasUniqueItems",
      null,
      F,
    ],
    [[NaN, null, "NaN"], "HasUniqueItems", null, T],
    [null, "IsNull", null, T],
    [false, "IsNull", null, F],
    [false, "IsBoolean", null, T],
    [{}, "IsObject", null, T],
    [[], "IsObject", null, F],
    [{}, "IsArray", null, F],
    ["5", "IsNumeric", null, F],
    [5, "IsNumeric", "ignored", T],
    [5, "IsNumeric", false, F],
    ["abc", "StartsWith", "", T],
    ["abc", "StartsWith", "b", F],
    ["abc", "EndsWith", "bc", T],
    ["a\nb", "Matches", "a.b", F],
    ["xxABCxx", "Matches", "(?i)abc", T],
    ["ab\n", "Matches", "ab$", F],
    ["ab", "MatchesRegex", "b", T],
    ["", "Matches", "", T],
    ["é-mail", "ContainsWord", "mail", T],
    ["émail", "ContainsWord", "mail", F],
    ["snake_case", "ContainsWord", "case", F],
    ["a𝒳b", "ContainsWord", "b", F],
    ["quickly, quick!", "ContainsWord", "quick", T],
    ["Quick", "ContainsWord", "quick", F],
    ["c++11", "ContainsWord", "c++", F],
    ["use a.b", "ContainsWord", "a.b", T],
    ["", "IsAlphabetic", null, T],
    ["äß漢字", "IsAlphabetic", null, T],
    ["a b", "IsAlphabetic", null, F],
    ["a1", "IsAlphabetic", null, F],
    ["a1½Ⅷ", "IsAlphanumeric", null, T],
    ["a_1", "IsAlphanumeric", null, F],
    ["abc 123 ß", "IsLowerCase", null, T],
    ["aBc", "IsLowerCase", null, F],
    ["漢字", "IsLowerCase", null, F],
    ["ÄB-1", "IsUpperCase", null, T],
    ["", "IsUpperCase", null, F],
    ["a.b+c@mail.example.org", "IsEmail", null, T],
    ["a@b", "IsEmail", null, F],
    ["a b@c.de", "IsEmail", null, F],
    ["ä@c.de", "IsEmail", null, F],
    ["a@c.d", "IsEmail", null, F],
    ["see a@c.de", "IsEmail", null, F],
    ["http://127.0.0.1:8000/a?b#c", "IsUrl", null, T],
    ["https://[::1]/", "IsUrl", null, T],
    ["HTTPS://EXAMPLE.COM", "IsUrl", null, T],
    ["ftp://example.com", "IsUrl", null, F],
    ["https://", "IsUrl", null, F],
    ["https:///path", "IsUrl", null, F],
    ["https://a b.com", "IsUrl", null, F],
    ["https://example.com:99999", "IsUrl", null, F],
    ["see https://example.com", "IsUrl", null, F],
    ["example.com", "IsUrl", null, F],
    ["550E8400-E29B-41D4-A716-446655440000", "IsUuid", null, T],
    ["{550e8400-e29b-41d4-a716-446655440000}", "IsUuid", null, F],
    ["550e8400e29b41d4a716446655440000", "IsUuid", null, F],
    ["2024-02-29", "IsIso8601", null, T],
    ["2023-02-29", "IsIso8601", null, F],
    ["1900-02-29", "IsIso8601", null, F],
    ["2000-02-29", "IsIso8601", null, T],
    ["2024-01-05T10:30", "IsIso8601", null, T],
    ["2024-01-05T10:30:00.123456+02:00", "IsIso8601", null, T],
    ["2024-01-05T10:30:00-0830", "IsIso8601", null, T],
    ["2016-12-31T23:59:60Z", "IsIso8601", null, T],
    ["2024-01-05T24:00:00Z", "IsIso8601", null, F],
    ["2024-01-05 10:30:00", "IsIso8601", null, F],
    ["2024-01-00", "IsIso8601", null, F],
    ["20240105", "IsIso8601", null, F],
    ["٢٠٢٤-٠١-٠٥", "IsIso8601", null, F],
    ["123", "IsJson", null, T],
    ["null", "IsJson", null, T],
    ["{a:1}", "IsJson", null, F],
    ["", "IsJson", null, F],
  ])("%j %s %j: %s", (actual, operator, expected, holds) => {
    expect(verdict(operator, actual, expected)).toBe(holds);
  });
});

describe("values an operator is not defined on", () => {
  const one: Record<string, Json> = {
    null: null,
    boolean: true,
    number: 5,
    NaN: Number.NaN,
    string: "text",
    array: ["a"],
    object: { a: 1 },
  };
  const expectedOf: Partial<Record<ComparisonOperator, Json>> = {
    InRange: [0, 9],
    NotInRange: [0, 9],
    ApproximatelyEquals: [5, 1],
    SequenceMatches: ["a"],
    ContainsAll: ["a"],
    ContainsAny: ["a"],
    ContainsNone: ["a"],
  };
  const numberFails = ["GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual"] as const;
  const numberErrs = [
    "InRange",
    "NotInRange",
    "IsPositive",
    "IsNegative",
    "IsZero",
    "ApproximatelyEquals",
  ] as const;
  const lengths = comparisonOperators.filter((name) => name.startsWith("HasLength"));
  const texts = [
    "StartsWith",
    "EndsWith",
    "Matches",
    "MatchesRegex",
    "ContainsWord",
    "IsEmail",
    "IsUrl",
    "IsUuid",
    "IsIso8601",
    "IsJson",
    "IsAlphabetic",
    "IsAlphanumeric",
    "IsLowerCase",
    "IsUpperCase",
  ] as const;
  const arrays = ["SequenceMatches", "ContainsAll", "HasUniqueItems"] as const;
  const sequences = ["Contains", "NotContains", "ContainsAny", "ContainsNone"] as const;
  const sized = ["IsEmpty", "IsNotEmpty"] as const;

  const defaultExpected = (name: ComparisonOperator): Json =>
    (texts as readonly string[]).includes(name) || name.endsWith("Contains") ? "a" : 5;
  const families: [readonly ComparisonOperator[], "failed" | "errored", readonly string[]][] = [
    [numberFails, "failed", ["number"]],
    [numberErrs, "errored", ["number"]],
    [lengths, "failed", ["string", "array", "object"]],
    [texts, "errored", ["string"]],
    [arrays, "errored", ["array"]],
    [sequences, "errored", ["array", "string"]],
    [sized, "errored", ["null", "string", "array", "object"]],
  ];
  const rows = families.flatMap(([names, mismatch, accepted]) =>
    names.flatMap((name) =>
      Object.keys(one).map(
        (type) => [name, type, accepted.includes(type) ? "defined" : mismatch] as const,
      ),
    ),
  );

  it.each(rows)("%s on %s: %s", (name, type, outcome) => {
    const answer = verdict(name, one[type] ?? null, expectedOf[name] ?? defaultExpected(name));
    expect(typeof answer === "boolean" ? "defined" : answer.mismatch).toBe(outcome);
  });

  it("a string contains strings only", () => {
    expect(verdict("Contains", "a5", 5)).toMatchObject({ mismatch: "errored" });
    expect(verdict("NotContains", "a5", 5)).toMatchObject({ mismatch: "errored" });
  });

  it("type tests and equality are defined on everything", () => {
    const total = [
      "Equals",
      "NotEqual",
      "IsNumeric",
      "IsString",
      "IsBoolean",
      "IsNull",
      "IsArray",
      "IsObject",
    ] as const;
    for (const name of total) {
      for (const value of Object.values(one)) expect(verdict(name, value, 5)).toBeTypeOf("boolean");
    }
  });
});

describe("expected values", () => {
  it.each<[ComparisonOperator, Json]>([
    ["GreaterThan", "5"],
    ["LessThanOrEqual", null],
    ["HasLengthEqual", "3"],
    ["InRange", [1]],
    ["InRange", [1, 2, 3]],
    ["InRange", [1, "2"]],
    ["NotInRange", 5],
    ["ApproximatelyEquals", { value: 1, tolerance: 1 }],
    ["StartsWith", 5],
    ["ContainsWord", ""],
    ["SequenceMatches", "abc"],
    ["ContainsAll", "abc"],
    ["ContainsAny", { a: 1 }],
    ["ContainsNone", null],
    ["Matches", ["a"]],
  ])("%s refuses %j", (operator, expected) => {
    expect(() => verdict(operator, 1, expected)).toThrow(
      expect.objectContaining({ code: "EVALUATE_EXPECTED_INVALID" }),
    );
  });
});

describe("algebra", () => {
  const json = fc.jsonValue().map((value) => value as Json);
  const negations = [
    ["Equals", "NotEqual"],
    ["Contains", "NotContains"],
    ["InRange", "NotInRange"],
    ["IsEmpty", "IsNotEmpty"],
    ["ContainsAny", "ContainsNone"],
  ] as const;

  const attempted = (name: ComparisonOperator, actual: Json, expected: Json) => {
    try {
      return verdict(name, actual, expected);
    } catch (error) {
      return { refused: isScouterError(error) ? error.code : error };
    }
  };

  it.each(negations)(
    "%s and %s are exact negations where both are defined",
    (positive, negative) => {
      const range = fc.tuple(fc.double(), fc.double()).map((pair): Json => pair);
      const members = fc.array(json, { maxLength: 4 }).map((list): Json => list);
      const expected = { InRange: range, ContainsAny: members }[positive as string] ?? json;
      // Values that have something in common with the expectation, or the property would see mostly one answer.
      const pair = expected.chain((value) =>
        fc.tuple(
          fc.oneof(
            json,
            fc.constant(value),
            fc.constant([value] as Json),
            fc.double(),
            fc.string(),
          ),
          fc.constant(value),
        ),
      );
      fc.assert(
        fc.property(pair, ([actual, wanted]) => {
          // A mismatch, and an expected value that is refused, are the same for both.
          const yes = attempted(positive, actual, wanted);
          const no = attempted(negative, actual, wanted);
          expect(no).toEqual(typeof yes === "boolean" ? !yes : yes);
        }),
      );
    },
  );

  it("Equals is reflexive and symmetric", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(verdict("Equals", a, structuredClone(a))).toBe(true);
        expect(verdict("Equals", a, b)).toBe(verdict("Equals", b, a));
      }),
    );
  });

  it("members are found alike with and without the index of large arrays", () => {
    const small = fc.array(fc.oneof(fc.integer({ min: 0, max: 60 }), json), { maxLength: 60 });
    fc.assert(
      fc.property(small, small, (items, values) => {
        const large = [...items, ...Array.from({ length: 2_000 }, (_, at) => `filler ${at}`)];
        for (const name of ["ContainsAll", "ContainsAny", "ContainsNone"] as const) {
          const pairwise = new Set(values.map((value) => verdict("Contains", items, value)));
          const wanted = {
            ContainsAll: !pairwise.has(false),
            ContainsAny: pairwise.has(true),
            ContainsNone: !pairwise.has(true),
          }[name];
          expect(verdict(name, large, values)).toBe(wanted);
        }
      }),
    );
  });
});
