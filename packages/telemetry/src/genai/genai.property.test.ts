import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attributeValueToJson } from "../attribute/attribute-value-to-json.ts";
import type { AttributeValue } from "../attribute/attribute-value.ts";
import { contentPreview, PREVIEW_LENGTH } from "./content-preview.ts";
import {
  contentKeys,
  contentPrefixes,
  finishReasonKeys,
  kindMarks,
  kindRules,
  textKeys,
  tokenKeys,
} from "./convention-table.ts";
import { genAiContent } from "./genai-content.ts";
import { mapGenAiSpan } from "./map-genai-span.ts";

const tableKeys = [
  ...[...Object.values(textKeys), ...Object.values(tokenKeys)].flat().map(([key]) => key),
  ...finishReasonKeys.map(([key]) => key),
  ...kindRules.map(({ key }) => key),
  ...kindMarks.map(([key]) => key),
  ...contentKeys,
  "ai.response.toolCalls",
  "content",
  "message",
];

const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...tableKeys) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...contentPrefixes),
        fc.array(
          fc.constantFrom(
            "0",
            "1",
            "99999999",
            "message",
            "role",
            "content",
            "tool_calls",
            "__proto__",
            "",
          ),
          { maxLength: 5 },
        ),
      )
      .map(([prefix, segments]) => prefix + segments.join(".")),
  },
  { weight: 1, arbitrary: fc.string() },
);

const word = fc.constantFrom(
  "role",
  "parts",
  "type",
  "text",
  "content",
  "tool_call",
  "message",
  "id",
);
const messageLike = fc
  .jsonValue({ maxDepth: 3 })
  .chain((value) => fc.dictionary(word, fc.oneof(word, fc.constant(value)), { maxKeys: 4 }))
  .map((message) => JSON.stringify([message, { parts: [message] }]));

const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.string(),
  messageLike,
  fc.constantFrom("[[[", "{}", "[]", "null", '"', "chat", "LLM", "ai.toolCall"),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 4 }),
  fc.array(fc.oneof(fc.string(), fc.double()), { maxLength: 3 }),
);

const attributes = fc
  .array(fc.tuple(key, value), { maxLength: 12 })
  .map((entries) => new Map(entries.map(([name, given]) => [name, attributeValueToJson(given)])));

const span = fc.record({
  attributes,
  events: fc.array(
    fc.record({
      name: fc.oneof(
        fc.constantFrom("gen_ai.user.message", "gen_ai.choice", "gen_ai.content.prompt"),
        fc.string(),
      ),
      attributes,
    }),
    { maxLength: 3 },
  ),
  input: fc.constantFrom(null, '{"a":1}', '"text"'),
  output: fc.constantFrom(null, "[1]"),
});

describe("the convention mapping", () => {
  it("takes any attributes, and gives counts that are whole and not negative", () => {
    fc.assert(
      fc.property(attributes, (given) => {
        const row = mapGenAiSpan(given);
        for (const count of Object.values(row?.tokens ?? {})) {
          expect(count === null || (Number.isInteger(count) && count >= 0)).toBe(true);
        }
      }),
    );
  });

  it("does not depend on the order of the attributes", () => {
    fc.assert(
      fc.property(attributes, (given) => {
        const turned = new Map([...given].toReversed());
        expect(mapGenAiSpan(turned)?.tokens).toEqual(mapGenAiSpan(given)?.tokens);
        expect(mapGenAiSpan(turned)?.kind).toEqual(mapGenAiSpan(given)?.kind);
      }),
    );
  });

  it("reads the content of any span, and previews it in bounds", () => {
    fc.assert(
      fc.property(span, (given) => {
        const { inputMessages, outputMessages } = genAiContent(given);
        for (const message of [...inputMessages, ...outputMessages]) {
          expect(message.role).not.toBe("");
        }
        const preview = contentPreview(given);
        expect(preview.input?.length ?? 0).toBeLessThanOrEqual(PREVIEW_LENGTH);
        expect(preview.output?.length ?? 0).toBeLessThanOrEqual(PREVIEW_LENGTH);
      }),
    );
  });
});

describe("contentPreview", () => {
  const of = (given: Readonly<Record<string, string>>) =>
    contentPreview({
      attributes: new Map(
        Object.entries(given).map(([name, text]) => [name, JSON.stringify(text)]),
      ),
      events: [],
      input: null,
      output: null,
    });

  it.each([
    ["nothing", {}, { input: null, output: null }],
    ["a value, white space folded", { "input.value": " a \n b " }, { input: "a b", output: null }],
    [
      "the last question and the last answer",
      {
        "gen_ai.input.messages": JSON.stringify([
          { role: "user", content: "first" },
          { role: "assistant", content: "answer" },
          { role: "user", content: "second" },
          { role: "tool", content: "result" },
        ]),
        "gen_ai.output.messages": JSON.stringify([{ role: "assistant", content: "done" }]),
      },
      { input: "second", output: "done" },
    ],
    [
      "the tools that an answer without text calls",
      { "ai.response.toolCalls": JSON.stringify([{ toolName: "weather" }, { toolName: "wind" }]) },
      { input: null, output: "calls weather, wind" },
    ],
    [
      "a long text cut",
      { "input.value": "x".repeat(300) },
      { input: "x".repeat(200), output: null },
    ],
    [
      "nothing of a text too long to look into",
      { "input.value": "x".repeat(70_000) },
      { input: null, output: null },
    ],
  ])("shows %s", (_name, given, expected) => {
    expect(of(given)).toEqual(expected);
  });
});
