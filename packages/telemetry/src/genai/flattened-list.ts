import type { Json } from "@scouter/contracts";
import { valueOf } from "./attribute-reading.ts";
import type { StoredAttributes } from "./genai-span.ts";

/** Deeper or wider keys than these occur only by mistake or malice. */
const MAX_SEGMENTS = 16;
const MAX_INDEX = 100_000;

interface Branch {
  readonly members: Map<string, Branch | { readonly leaf: Json }>;
}

/**
 * The list that conventions flatten into attributes: `llm.input_messages.0.message.role` is `[{message: {role}}]` for
 * the prefix `llm.input_messages.`. Members whose names are all numbers become lists in numeric order, gaps closed. Of
 * a key that is both a value and a beginning of others the others stay.
 */
export function flattenedList(attributes: StoredAttributes, prefix: string): readonly Json[] {
  const root: Branch = { members: new Map() };
  for (const key of attributes.keys()) {
    if (!key.startsWith(prefix)) continue;
    const segments = key.slice(prefix.length).split(".");
    if (segments.length > MAX_SEGMENTS || !isIndex(segments[0] ?? "")) continue;
    place(root, segments, valueOf(attributes, key) ?? null);
  }
  const list = jsonOf(root);
  return Array.isArray(list) ? list : [];
}

function place(root: Branch, segments: readonly string[], leaf: Json): void {
  let branch = root;
  for (const segment of segments.slice(0, -1)) {
    const member = branch.members.get(segment);
    if (member !== undefined && "members" in member) {
      branch = member;
      continue;
    }
    const made: Branch = { members: new Map() };
    branch.members.set(segment, made);
    branch = made;
  }
  const last = segments.at(-1) ?? "";
  if (!branch.members.has(last)) branch.members.set(last, { leaf });
}

function jsonOf(node: Branch | { readonly leaf: Json }): Json {
  if ("leaf" in node) return node.leaf;
  const entries = [...node.members];
  if (entries.length > 0 && entries.every(([name]) => isIndex(name))) {
    entries.sort(([left], [right]) => Number(left) - Number(right));
    return entries.map(([, member]) => jsonOf(member));
  }
  return Object.fromEntries(entries.map(([name, member]) => [name, jsonOf(member)]));
}

function isIndex(text: string): boolean {
  return /^\d{1,6}$/.test(text) && Number(text) <= MAX_INDEX;
}
