import { isScouterError, type Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { isJsonArray, isJsonObject } from "../json/json-type.ts";
import { MAX_JSON_DEPTH } from "../limits.ts";
import { parsePath } from "../path/parse-path.ts";
import type { Path } from "../path/path.ts";
import type { Template } from "./template.ts";

const SHOWN_CHARACTERS = 200;

/**
 * Reads an expected value: `${path}` in any string of it, however deep, is a template (keys are not). `$${` stands for
 * a literal `${`, and a `${` that is never closed is literal too.
 * @throws EVALUATE_TEMPLATE_SYNTAX, EVALUATE_VALUE_TOO_DEEP
 */
export function parseTemplate(value: Json, depth = 0): Template {
  if (depth > MAX_JSON_DEPTH) throw errors.EVALUATE_VALUE_TOO_DEEP(undefined);
  if (typeof value === "string") return parseText(value);
  if (isJsonArray(value)) {
    const items = value.map((item) => parseTemplate(item, depth + 1));
    return items.every(isConstant)
      ? { kind: "constant", value: items.map((item) => item.value) }
      : { kind: "array", items };
  }
  if (isJsonObject(value)) {
    const members = Object.entries(value).map(([key, member]): Member<Template> => [
      key,
      parseTemplate(member, depth + 1),
    ]);
    return members.every(isConstantMember)
      ? {
          kind: "constant",
          value: Object.fromEntries(members.map(([key, member]) => [key, member.value])),
        }
      : { kind: "object", members };
  }
  return { kind: "constant", value };
}

type Constant = Extract<Template, { kind: "constant" }>;
type Member<Value> = readonly [string, Value];

function isConstant(template: Template): template is Constant {
  return template.kind === "constant";
}

function isConstantMember(member: Member<Template>): member is Member<Constant> {
  return isConstant(member[1]);
}

function parseText(text: string): Template {
  if (!text.includes("${")) return { kind: "constant", value: text };
  const parts = splitText(text);
  const [only = ""] = parts;
  if (parts.length > 1) return { kind: "text", parts };
  return typeof only === "string"
    ? { kind: "constant", value: only }
    : { kind: "reference", path: only };
}

/** Literal texts and paths in turn; neighbouring literals are one. */
function splitText(text: string): (string | Path)[] {
  const parts: (string | Path)[] = [];
  let literal = "";
  let position = 0;
  while (position < text.length) {
    const open = text.indexOf("${", position);
    const escaped = open > position && text[open - 1] === "$";
    if (escaped) {
      literal += `${text.slice(position, open - 1)}\${`;
      position = open + 2;
      continue;
    }
    const end = open === -1 ? -1 : closingBrace(text, open + 2);
    if (end === -1) break;
    literal += text.slice(position, open);
    if (literal !== "") parts.push(literal);
    literal = "";
    parts.push(pathOf(text, text.slice(open + 2, end)));
    position = end + 1;
  }
  literal += text.slice(position);
  if (literal !== "") parts.push(literal);
  return parts;
}

/** Position of the brace that ends a reference (one inside a quoted key does not), -1 without any. */
export function closingBrace(text: string, start: number): number {
  let quoted = false;
  for (let position = start; position < text.length; position += 1) {
    const character = text[position];
    if (quoted && character === "\\") position += 1;
    else if (character === '"') quoted = !quoted;
    else if (character === "}" && !quoted) return position;
  }
  // A quote that never ends is a mistake in the reference; its path is then refused with the position.
  return text.indexOf("}", start);
}

function pathOf(text: string, path: string): Path {
  try {
    return parsePath(path.trim());
  } catch (error) {
    if (!isScouterError(error)) throw error;
    const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;
    throw errors.EVALUATE_TEMPLATE_SYNTAX({ text: shown, reason: error.message }, { cause: error });
  }
}
