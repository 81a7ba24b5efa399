import { countOf, textOf, valueOf } from "./attribute-reading.ts";
import {
  type ConventionKey,
  finishReasonKeys,
  kindMarks,
  kindRules,
  textKeys,
  type TokenField,
  tokenKeys,
} from "./convention-table.ts";
import type {
  GenAiDialect,
  GenAiNote,
  GenAiSpan,
  GenAiSpanKind,
  StoredAttributes,
  TokenUsage,
} from "./genai-span.ts";

/** Beginnings of keys by which a span shows that it follows a GenAI convention. */
const MARKS = ["gen_ai.", "openinference.", "traceloop.", "llm.", "ai."] as const;
/** The characters that those begin with: one look at them settles most keys. */
const FIRST_CHARACTERS: ReadonlySet<number> = new Set(MARKS.map((mark) => mark.charCodeAt(0)));

/**
 * The canonical GenAI row of a span, from the attributes of any convention in the table; null when none shows.
 *
 * Never throws: an attribute that cannot be used leaves its field empty, and `notes` says why. Where several
 * conventions say the same thing the first in the table wins, field by field.
 */
export function mapGenAiSpan(attributes: StoredAttributes): GenAiSpan | null {
  if (!followsConvention(attributes)) return null;
  const notes: GenAiNote[] = [];
  const { kind, dialect } = kindOf(attributes, notes);
  const text = (field: keyof typeof textKeys) => firstText(attributes, field, notes);
  const provider = text("provider");
  return {
    kind,
    dialect,
    operation: text("operation"),
    provider,
    requestModel: text("requestModel"),
    responseModel: text("responseModel"),
    responseId: text("responseId"),
    tokens: tokensOf(attributes, provider, notes),
    finishReasons: finishReasonsOf(attributes),
    toolName: text("toolName"),
    toolCallId: text("toolCallId"),
    conversationId: text("conversationId"),
    agentName: text("agentName"),
    notes,
  };
}

/** Runs for every span at ingest: looks at the first character of most keys. */
function followsConvention(attributes: StoredAttributes): boolean {
  for (const key of attributes.keys()) {
    if (!FIRST_CHARACTERS.has(key.charCodeAt(0))) continue;
    if (MARKS.some((mark) => key.startsWith(mark))) return true;
  }
  return false;
}

function kindOf(
  attributes: StoredAttributes,
  notes: GenAiNote[],
): { readonly kind: GenAiSpanKind; readonly dialect: GenAiDialect } {
  let unknown: GenAiDialect | undefined;
  for (const rule of kindRules) {
    const value = textOf(attributes, rule.key);
    if (value === null) continue;
    const name = value.toLowerCase();
    const kind = Object.hasOwn(rule.kinds, name) ? rule.kinds[name] : undefined;
    if (kind !== undefined) return { kind, dialect: rule.dialect };
    notes.push({ field: "kind", key: rule.key, reason: `'${clip(value)}' is no known kind` });
    unknown ??= rule.dialect;
  }
  const mark = kindMarks.find(([key]) => attributes.has(key));
  if (mark !== undefined) return { kind: mark[2], dialect: mark[1] };
  return { kind: "other", dialect: unknown ?? dialectOfKeys(attributes) };
}

function dialectOfKeys(attributes: StoredAttributes): GenAiDialect {
  for (const key of attributes.keys()) {
    if (key.startsWith("gen_ai.")) return "opentelemetry";
    if (key.startsWith("traceloop.")) return "traceloop";
    if (key.startsWith("ai.")) return "vercel";
  }
  return "openinference";
}

function firstText(
  attributes: StoredAttributes,
  field: keyof typeof textKeys,
  notes: GenAiNote[],
): string | null {
  return first(attributes, textKeys[field], textOf, (key) =>
    notes.push({ field, key, reason: "is no text or empty" }),
  ).value;
}

function finishReasonsOf(attributes: StoredAttributes): readonly string[] {
  for (const [key] of finishReasonKeys) {
    const value = valueOf(attributes, key);
    if (typeof value === "string" && value !== "") return [value];
    if (Array.isArray(value)) return value.filter((reason) => typeof reason === "string");
  }
  return [];
}

function tokensOf(
  attributes: StoredAttributes,
  provider: string | null,
  notes: GenAiNote[],
): TokenUsage {
  const read = (field: TokenField) =>
    first(attributes, tokenKeys[field], countOf, (key) =>
      notes.push({ field: `tokens.${field}`, key, reason: "is no whole number from 0 to 2^53-1" }),
    );
  const input = read("input");
  const output = read("output").value;
  const cacheRead = read("cacheRead").value;
  const cacheWrite = read("cacheWrite").value;
  const reasoning = read("reasoning").value;
  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
  const leavesOutCache =
    input.value !== null &&
    cached > 0 &&
    (cached > input.value || countsUncachedOnly(attributes, input.key, provider));
  if (leavesOutCache) {
    const reason = "counts uncached tokens only: cache read and write were added";
    notes.push({ field: "tokens.input", key: input.key ?? "", reason });
  }
  // Providers that count reasoning apart from the answer report more of it than of both together.
  const leavesOutReasoning = output !== null && reasoning !== null && reasoning > output;
  return {
    input: leavesOutCache ? (input.value ?? 0) + cached : input.value,
    output: leavesOutReasoning ? output + reasoning : output,
    cacheRead,
    cacheWrite,
    reasoning,
  };
}

/**
 * OpenTelemetry's counts, OpenAI's and OpenInference's include cached tokens. The Vercel SDK passed Anthropic's own
 * figures through, which do not, until it began to report `inputTokenDetails`.
 */
function countsUncachedOnly(
  attributes: StoredAttributes,
  key: string | null,
  provider: string | null,
): boolean {
  if (key === null || !key.startsWith("ai.usage.")) return false;
  if (attributes.has("ai.usage.inputTokenDetails.noCacheTokens")) return false;
  return (provider ?? "").toLowerCase().includes("anthropic");
}

/** The first key that gives a value; `refuse` hears of each present key before it that gave none. */
function first<Value>(
  attributes: StoredAttributes,
  keys: readonly ConventionKey[],
  read: (attributes: StoredAttributes, key: string) => Value | null,
  refuse: (key: string) => void,
): { readonly value: Value | null; readonly key: string | null } {
  for (const [key] of keys) {
    if (!attributes.has(key)) continue;
    const value = read(attributes, key);
    if (value !== null) return { value, key };
    refuse(key);
  }
  return { value: null, key: null };
}

function clip(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}...`;
}
