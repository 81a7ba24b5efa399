import { expect, it } from "vitest";
import { parseAttributePredicate } from "./attribute-predicate.ts";

it.each([
  ["tier:eq:gold", { key: "tier", op: "eq", value: "gold" }],
  ["tier:eq:", { key: "tier", op: "eq", value: "" }],
  ["tier:ne:true", { key: "tier", op: "ne", value: true }],
  ["size:gt:-1.5e3", { key: "size", op: "gt", value: -1500 }],
  ["size:lt:10", { key: "size", op: "lt", value: 10 }],
  ['zip:eq:"01234"', { key: "zip", op: "eq", value: "01234" }],
  ["zip:eq:01234", { key: "zip", op: "eq", value: "01234" }],
  ["name:lt:m", { key: "name", op: "lt", value: "m" }],
  ["url:eq:http://a:80/b:eq:c", { key: "url", op: "eq", value: "http://a:80/b:eq:c" }],
  ["a:b:exists", { key: "a:b", op: "exists" }],
  ["line:eq:a\nb", { key: "line", op: "eq", value: "a\nb" }],
  ["huge:eq:1e999", { key: "huge", op: "eq", value: "1e999" }],
])("reads %s", (text, expected) => {
  expect(parseAttributePredicate(text)).toEqual(expected);
});

it.each([
  ["tier", "is no predicate"],
  ["tier:gold", "is no predicate"],
  [":eq:gold", "is no predicate"],
  ["tier:like:gold", "is no predicate"],
  ["tier:exists:", "is no predicate"],
  ["tier:lt:true", "no order"],
  ['tier:eq:"gold', "not closed"],
])("says what is wrong with %s", (text, problem) => {
  expect(parseAttributePredicate(text)).toContain(problem);
});
