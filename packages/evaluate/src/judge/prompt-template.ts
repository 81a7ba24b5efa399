import { isScouterError, type Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { isJsonObject } from "../json/json-type.ts";
import { shownJson } from "../json/shown-json.ts";
import { storableJson } from "../json/storable-json.ts";
import { parsePath } from "../path/parse-path.ts";
import type { Path } from "../path/path.ts";
import { resolvePath } from "../path/resolve-path.ts";
import { closingBrace } from "../template/parse-template.ts";

export type PromptTemplate = readonly PromptPart[];

export type PromptPart =
  | { readonly kind: "literal"; readonly text: string }
  | {
      readonly kind: "variable";
      readonly path: Path;
      /** As written between the braces. */
      readonly name: string;
      /** As written, braces included: stands where an optional variable has no value. */
      readonly source: string;
      readonly required: boolean;
    };

/** `$${` is a literal `${`; `${` begins a variable; `{name}` may be one, for prompts of older files. */
const MARK = /\$\$\{|\$\{|\{[A-Za-z_][A-Za-z0-9_]*\}/g;

/**
 * Reads the text of a prompt. `${a.b[0]}` is a variable that must have a value. `{name}` is one only where the context has
 * that member: older files write variables so, and other prompts have words in braces that mean nothing.
 * @throws EVALUATE_PROMPT_INVALID
 */
export function parsePromptTemplate(text: string): PromptTemplate {
  const parts: PromptPart[] = [];
  let literal = "";
  let position = 0;
  const variable = (source: string, name: string, required: boolean) => {
    if (literal !== "") parts.push({ kind: "literal", text: literal });
    literal = "";
    parts.push({ kind: "variable", path: pathOf(name), name, source, required });
  };
  for (;;) {
    MARK.lastIndex = position;
    const mark = MARK.exec(text);
    if (mark === null) break;
    const [found] = mark;
    literal += text.slice(position, mark.index);
    position = mark.index + found.length;
    const end = found === "${" ? closingBrace(text, position) : -1;
    if (found === "$${") literal += "${";
    else if (found !== "${") variable(found, found.slice(1, -1), false);
    else if (end === -1) literal += found;
    else {
      variable(text.slice(mark.index, end + 1), text.slice(position, end).trim(), true);
      position = end + 1;
    }
  }
  literal += text.slice(position);
  if (literal !== "") parts.push({ kind: "literal", text: literal });
  return parts;
}

/**
 * Fills a prompt in one pass: a value that looks like a variable itself stays text. Strings go in as they are, other values
 * as JSON.
 * @throws EVALUATE_PROMPT_VARIABLE_MISSING
 */
export function renderPrompt(template: PromptTemplate, context: Json): string {
  return template
    .map((part) => (part.kind === "literal" ? part.text : fill(part, context)))
    .join("");
}

function fill(part: Extract<PromptPart, { kind: "variable" }>, context: Json): string {
  const resolution = resolvePath(part.path, context);
  if (resolution.found) {
    const { value } = resolution;
    return typeof value === "string" ? value : JSON.stringify(storableJson(value));
  }
  if (!part.required) return part.source;
  throw errors.EVALUATE_PROMPT_VARIABLE_MISSING({
    variable: part.name,
    reason: resolution.reason,
    available: isJsonObject(context) ? shownJson(Object.keys(context)) : "none",
  });
}

function pathOf(name: string): Path {
  try {
    return parsePath(name);
  } catch (error) {
    if (!isScouterError(error)) throw error;
    throw errors.EVALUATE_PROMPT_INVALID({ reason: error.message }, { cause: error });
  }
}
