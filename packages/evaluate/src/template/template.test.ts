import type { Json } from "@scouter/contracts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTemplate } from "./parse-template.ts";
import { resolveTemplate } from "./resolve-template.ts";

const context: Json = {
  user: { name: "Ada", age: 36, tags: ["a", "b"], "key}": 7 },
  flag: false,
  none: null,
};
const fill = (expected: Json, from: Json = context) =>
  resolveTemplate(parseTemplate(expected), from);

describe("templates", () => {
  it.each<[string, Json, Json]>([
    ["keep a number", "${user.age}", 36],
    ["keep an array", "${user.tags}", ["a", "b"]],
    ["keep an object's member", "${user.tags[-1]}", "b"],
    ["keep null", "${none}", null],
    ["keep false", "${flag}", false],
    ["allow blanks around the path", "${ user.age }", 36],
    ["fill part of a text", "min ${user.age} years", "min 36 years"],
    ["put strings in as they are", "hello ${user.name}!", "hello Ada!"],
    ["put other values in as JSON", "${user.tags} and ${none}", '["a","b"] and null'],
    ["fill several in one text", "${user.name} ${user.age}", "Ada 36"],
    ["fill neighbours", "${user.name}${user.age}", "Ada36"],
    [
      "reach into arrays and objects",
      { a: ["${user.age}", { b: "x ${flag}" }], c: 1 },
      { a: [36, { b: "x false" }], c: 1 },
    ],
    ["leave keys alone", { "${flag}": 1 }, { "${flag}": 1 }],
    ["end at the brace outside a quoted key", '${user["key}"]}', 7],
    ["leave other texts alone", "costs $5 {a}", "costs $5 {a}"],
    ["leave an open ${ alone", "a ${ b", "a ${ b"],
    ["write $${ for a literal one", "use $${user.name} here", "use ${user.name} here"],
    ["write a literal one and fill another", "$${x} is ${user.age}", "${x} is 36"],
    ["unescape inside arrays too", ["$${x}"], ["${x}"]],
    ["leave an empty text alone", "", ""],
    ["take the root's elements", "${[0]}", 1],
  ])("%s", (_what, expected, filled) => {
    expect(fill(expected, expected === "${[0]}" ? [1] : context)).toEqual(filled);
  });

  it("are known as constant when nothing is to be filled", () => {
    expect(parseTemplate({ a: [1, "$${x}"] })).toEqual({
      kind: "constant",
      value: { a: [1, "${x}"] },
    });
    expect(parseTemplate({ a: ["${x}"] }).kind).toBe("object");
  });

  it.each<[string, Json, string]>([
    [
      "a missing member",
      "${user.email}",
      "template '${user.email}' cannot be filled: field 'email' not found",
    ],
    [
      "a missing index in text",
      "first: ${user.tags[9]}",
      "template '${user.tags[9]}' cannot be filled: index 9",
    ],
    ["a nested one", { deep: ["${nope}"] }, "template '${nope}' cannot be filled"],
  ])("name the path of %s", (_what, expected, message) => {
    const resolve = () => fill(expected);
    expect(resolve).toThrow(expect.objectContaining({ code: "EVALUATE_TEMPLATE_NOT_FOUND" }));
    expect(resolve).toThrow(message);
  });

  it.each(["${}", "${a b}", "x ${5}", '${a["b}', "${a} ${-}"])("refuse %s", (text) => {
    expect(() => parseTemplate(text)).toThrow(
      expect.objectContaining({ code: "EVALUATE_TEMPLATE_SYNTAX" }),
    );
  });

  it("refuse what is nested without end", () => {
    let deep: Json = "x";
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(() => parseTemplate(deep)).toThrow(
      expect.objectContaining({ code: "EVALUATE_VALUE_TOO_DEEP" }),
    );
  });

  it("give back any value that is put in whole, and any JSON without a dollar sign", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(fill("${value}", { value: value as Json })).toEqual(value);
        fc.pre(!JSON.stringify(value).includes("${"));
        expect(fill(value as Json, {})).toEqual(value);
      }),
    );
  });

  it("give back any text whose ${ are escaped", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("$", "{", "}", "a") }), (text) => {
        const escaped = text.replaceAll("${", "$$${");
        expect(fill(escaped, {})).toBe(text);
      }),
    );
  });
});
