import type { GenAiMessage, Json } from "@scouter/contracts";
import { type ContentSpan, genAiContent } from "./genai-content.ts";
import { contentKeys, contentPrefixes } from "./convention-table.ts";

/** Characters (UTF-16 units) of a preview at most. */
export const PREVIEW_LENGTH = 200;

/** More text than this is not parsed for the sake of a preview: ingest pays for it. */
const MAX_PARSED_LENGTH = 65_536;

export interface ContentPreview {
  readonly input: string | null;
  readonly output: string | null;
}

const NOTHING: ContentPreview = { input: null, output: null };

/**
 * One line each of what went in and came out: the last user message and the last answer where there are messages, else
 * the value. White space is folded. Null when nothing was captured, or too much to look into.
 */
export function contentPreview(span: ContentSpan): ContentPreview {
  const length = contentLength(span);
  if (length === 0 || length > MAX_PARSED_LENGTH) return NOTHING;
  const { input, output, inputMessages, outputMessages } = genAiContent(span);
  const asked = inputMessages.findLast(({ role, text }) => role === "user" && text !== null);
  const answered = outputMessages.at(-1);
  return {
    input: lineOf(asked === undefined ? textOfValue(input) : asked.text),
    output: lineOf(answered === undefined ? textOfValue(output) : textOfAnswer(answered)),
  };
}

const exactKeys: ReadonlySet<string> = new Set(contentKeys);

function contentLength(span: ContentSpan): number {
  let length = (span.input?.length ?? 0) + (span.output?.length ?? 0);
  for (const [key, text] of span.attributes) {
    const isContent =
      exactKeys.has(key) || contentPrefixes.some((prefix) => key.startsWith(prefix));
    if (isContent) length += text.length;
  }
  for (const event of span.events) {
    if (!event.name.startsWith("gen_ai.")) continue;
    for (const text of event.attributes.values()) length += text.length;
  }
  return length;
}

function textOfAnswer(message: GenAiMessage): string | null {
  if (message.text !== null) return message.text;
  const names = message.tool_calls.map((call) => call.name);
  return names.length === 0 ? null : `calls ${names.join(", ")}`;
}

function textOfValue(value: Json): string | null {
  if (value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function lineOf(text: string | null): string | null {
  if (text === null) return null;
  // What folding leaves of the first few hundred characters is enough, however long the text.
  const line = text
    .slice(0, PREVIEW_LENGTH * 4)
    .replaceAll(/\s+/g, " ")
    .trim();
  return line === "" ? null : line.slice(0, PREVIEW_LENGTH).toWellFormed();
}
