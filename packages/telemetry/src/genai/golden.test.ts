import { readdirSync, readFileSync } from "node:fs";
import type { Json } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { attributeValueToJson } from "../attribute/attribute-value-to-json.ts";
import type { AttributeValue } from "../attribute/attribute-value.ts";
import { genAiContent } from "./genai-content.ts";
import type { GenAiSpan } from "./genai-span.ts";
import { mapGenAiSpan } from "./map-genai-span.ts";

interface GoldenSpan {
  readonly name: string;
  readonly attributes: Readonly<Record<string, Json>>;
  readonly events?: readonly {
    readonly name: string;
    readonly attributes: Readonly<Record<string, Json>>;
  }[];
  readonly input?: string;
  readonly output?: string;
  /** Fields that are not null or empty; null for a span that follows no convention. */
  readonly expected: Partial<GenAiSpan> | null;
  readonly content?: Readonly<Record<string, Json>>;
}

const folder = new URL("./golden/", import.meta.url);
const files = readdirSync(folder).map(
  (file) =>
    JSON.parse(readFileSync(new URL(file, folder), "utf8")) as {
      readonly dialect: string;
      readonly spans: readonly GoldenSpan[];
    },
);

/** As an exporter sends them: whole numbers are integers. */
function stored(plain: Readonly<Record<string, Json>>): Map<string, string> {
  return new Map(
    Object.entries(plain).map(([key, value]) => [key, attributeValueToJson(valueOf(value))]),
  );
}

function valueOf(plain: Json): AttributeValue {
  if (typeof plain === "number") return Number.isInteger(plain) ? BigInt(plain) : plain;
  if (Array.isArray(plain)) return plain.map(valueOf);
  return plain as string | boolean | null;
}

const EMPTY: GenAiSpan = {
  kind: "other",
  dialect: "opentelemetry",
  operation: null,
  provider: null,
  requestModel: null,
  responseModel: null,
  responseId: null,
  tokens: { input: null, output: null, cacheRead: null, cacheWrite: null, reasoning: null },
  finishReasons: [],
  toolName: null,
  toolCallId: null,
  conversationId: null,
  agentName: null,
  notes: [],
};

describe.each(files)("spans of the dialect $dialect", ({ spans }) => {
  it.each(spans)("$name", (span) => {
    const attributes = stored(span.attributes);
    const { expected } = span;
    expect(mapGenAiSpan(attributes)).toEqual(
      expected && { ...EMPTY, ...expected, tokens: { ...EMPTY.tokens, ...expected.tokens } },
    );
    const content = genAiContent({
      attributes,
      events: (span.events ?? []).map((event) => ({
        name: event.name,
        attributes: stored(event.attributes),
      })),
      input: span.input ?? null,
      output: span.output ?? null,
    });
    expect(content).toMatchObject(span.content ?? {});
  });
});
