import type { Json } from "@scouter/contracts";
import type { Path } from "../path/path.ts";

/** An expected value, parsed once. Only `constant` needs no context. */
export type Template =
  | { readonly kind: "constant"; readonly value: Json }
  /** The whole string is one `${path}`: the value keeps its JSON type. */
  | { readonly kind: "reference"; readonly path: Path }
  /** Text around or between references: always yields a string. */
  | { readonly kind: "text"; readonly parts: readonly (string | Path)[] }
  | { readonly kind: "array"; readonly items: readonly Template[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, Template])[] };
