import type { TypedAttribute } from "@scouter/contracts";
import { expect, it } from "vitest";
import { attributeGroups, prettyText } from "./attribute-groups.ts";

const attribute = (key: string, value: TypedAttribute["value"]): TypedAttribute => ({
  key,
  type: typeof value === "number" ? "int" : "string",
  value,
});
const attributes = [
  attribute("http.method", "GET"),
  attribute("tier", "Gold"),
  attribute("gen_ai.request.model", "m"),
  attribute("http.status_code", 500),
];

it.each<[string, readonly string[]]>([
  ["", ["http: http.method http.status_code", ": tier", "gen_ai: gen_ai.request.model"]],
  ["gold", [": tier"]],
  ["50", ["http: http.status_code"]],
  ["MODEL", ["gen_ai: gen_ai.request.model"]],
  ["nothing", []],
])("groups what has '%s'", (search, expected) => {
  const shown = attributeGroups(attributes, search).map(
    (group) => `${group.prefix}: ${group.attributes.map(({ key }) => key).join(" ")}`,
  );
  expect(shown).toEqual(expected);
});

it.each([
  ["plain", "plain"],
  ["[not JSON", "[not JSON"],
  ['{"a":[1]}', '{\n  "a": [\n    1\n  ]\n}'],
  [{ a: 1 }, '{\n  "a": 1\n}'],
  [null, "null"],
  ["42", "42"],
])("reads %j as %j", (value, expected) => {
  expect(prettyText(value)).toBe(expected);
});
