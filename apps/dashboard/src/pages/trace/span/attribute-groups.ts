import type { TypedAttribute } from "@scouter/contracts";

export interface AttributeGroup {
  /** What the keys begin with, up to the first dot; empty for keys without one. */
  readonly prefix: string;
  readonly attributes: readonly TypedAttribute[];
}

/**
 * Attributes by the first part of their keys, in the order sent.
 *
 * @param search left are those whose key or value has it, in any case
 */
export function attributeGroups(
  attributes: readonly TypedAttribute[],
  search = "",
): readonly AttributeGroup[] {
  const wanted = search.trim().toLowerCase();
  const groups = new Map<string, TypedAttribute[]>();
  for (const attribute of attributes) {
    const { key } = attribute;
    const text = `${key}\n${valueText(attribute.value)}`;
    if (wanted !== "" && !text.toLowerCase().includes(wanted)) continue;
    const dot = key.indexOf(".");
    const prefix = dot === -1 ? "" : key.slice(0, dot);
    const group = groups.get(prefix);
    if (group === undefined) groups.set(prefix, [attribute]);
    else group.push(attribute);
  }
  return [...groups].map(([prefix, list]) => ({ prefix, attributes: list }));
}

/** A text as it is, everything else as JSON. */
export function valueText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** What is JSON inside of a text, for reading: `"{\"a\":1}"` gives `{a: 1}`. Texts that are no object or list stay. */
export function unwrapped(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    // Most texts that begin with a bracket are no JSON.
    return value;
  }
}

/** Indented JSON, or the text itself. */
export function prettyText(value: unknown): string {
  const inner = unwrapped(value);
  return typeof inner === "string" ? inner : (JSON.stringify(inner, undefined, 2) ?? "");
}
