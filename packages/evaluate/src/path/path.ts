/** One step of a path. */
export type PathSegment =
  | { readonly kind: "field"; readonly name: string }
  /** Zero based; negative counts from the end, -1 being the last element. */
  | { readonly kind: "index"; readonly index: number }
  /** Every element of an array. */
  | { readonly kind: "wildcard" };

export type Path = readonly PathSegment[];

/** A name that needs no quotes. */
export const PLAIN_FIELD = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The shortest text that `parsePath` reads back as the same path. */
export function printPath(path: Path): string {
  return path.map((segment, position) => printSegment(segment, position === 0)).join("");
}

function printSegment(segment: PathSegment, first: boolean): string {
  if (segment.kind === "wildcard") return "[*]";
  if (segment.kind === "index") return `[${segment.index}]`;
  if (!PLAIN_FIELD.test(segment.name)) return `[${JSON.stringify(segment.name)}]`;
  return first ? segment.name : `.${segment.name}`;
}
