import type { AttributePredicate } from "@scouter/lake";

const FORM =
  "expected key:eq:value, key:ne:value, key:lt:value, key:gt:value or key:exists, such as http.route:eq:/cart";

/**
 * `key:op:value`. The key ends at the first `:op` that is one, so that it may hold colons. A value that is a JSON
 * number, `true` or `false` is one; in double quotes it is a text whatever it looks like, as is anything else.
 *
 * @returns what is wrong with it when it is none
 */
export function parseAttributePredicate(text: string): AttributePredicate | string {
  const match = /^(.+?):(?:(exists)|(eq|ne|lt|gt):(.*))$/s.exec(text);
  if (match === null) return `'${clip(text)}' is no predicate: ${FORM}`;
  const [, key = "", exists, op, given = ""] = match;
  if (exists !== undefined) return { key, op: "exists" };
  const value = valueOf(given);
  if (value === undefined) return `'${clip(text)}' has a text that is not closed or not JSON`;
  if (op === "eq" || op === "ne") return { key, op, value };
  if (typeof value === "boolean")
    return `'${clip(text)}': true and false have no order, use eq or ne`;
  return { key, op: op === "lt" ? "lt" : "gt", value };
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function valueOf(given: string): string | number | boolean | undefined {
  if (given === "true" || given === "false") return given === "true";
  if (NUMBER.test(given) && Number.isFinite(Number(given))) return Number(given);
  if (!given.startsWith('"')) return given;
  try {
    const text: unknown = JSON.parse(given);
    return typeof text === "string" ? text : undefined;
  } catch {
    return undefined;
  }
}

function clip(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 80)}...`;
}
