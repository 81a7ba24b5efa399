import type { Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { isJsonArray, isJsonObject, jsonType } from "../json/json-type.ts";
import { printPath, type Path, type PathSegment } from "./path.ts";

export type PathResolution =
  | { readonly found: true; readonly value: Json }
  | {
      readonly found: false;
      /** Position in the path of the segment that has no value. */
      readonly segment: number;
      /** The part that was found, with wildcards replaced by the element's index; "" at the root. */
      readonly at: string;
      /** Such as `field 'name' not found` or `index 99 not found: the array has 3 elements`. */
      readonly reason: string;
    };

/**
 * Takes the value at `path`.
 *
 * A wildcard yields one array, in order: the value of the remaining path for every element. A second wildcard adds its
 * elements to the same flat array. An element without the remaining path makes the whole path missing, because
 * leaving it out would let a check pass on the elements that happen to have it.
 */
export function resolvePath(path: Path, root: Json): PathResolution {
  return resolveFrom(path, 0, root, []);
}

/** @throws EVALUATE_PATH_NOT_FOUND */
export function requiredValue(path: Path, root: Json): Json {
  const resolution = resolvePath(path, root);
  if (resolution.found) return resolution.value;
  const { reason, at } = resolution;
  throw errors.EVALUATE_PATH_NOT_FOUND({ path: printPath(path), reason, at });
}

function resolveFrom(path: Path, start: number, root: Json, trail: Path): PathResolution {
  let value = root;
  for (let position = start; position < path.length; position += 1) {
    const segment = path[position] as PathSegment;
    if (segment.kind === "wildcard") {
      const done = path.slice(start, position);
      return isJsonArray(value)
        ? resolveElements(path, position, value, [...trail, ...done])
        : missing(path, start, position, trail, `[*] needs an array, got ${jsonType(value)}`);
    }
    const next = step(segment, value);
    if (next === undefined) {
      return missing(path, start, position, trail, whyMissing(segment, value));
    }
    value = next;
  }
  return { found: true, value };
}

function step(segment: Exclude<PathSegment, { kind: "wildcard" }>, value: Json): Json | undefined {
  if (segment.kind === "field") {
    return isJsonObject(value) && Object.hasOwn(value, segment.name)
      ? value[segment.name]
      : undefined;
  }
  return isJsonArray(value) ? value.at(segment.index) : undefined;
}

function resolveElements(
  path: Path,
  wildcard: number,
  elements: readonly Json[],
  trail: Path,
): PathResolution {
  const rest = wildcard + 1;
  const restYieldsArray = path.slice(rest).some((segment) => segment.kind === "wildcard");
  const values: Json[] = [];
  for (const [index, element] of elements.entries()) {
    const resolution = resolveFrom(path, rest, element, [...trail, { kind: "index", index }]);
    if (!resolution.found) return resolution;
    const found = restYieldsArray ? (resolution.value as readonly Json[]) : [resolution.value];
    for (const value of found) values.push(value);
  }
  return { found: true, value: values };
}

function missing(
  path: Path,
  start: number,
  position: number,
  trail: Path,
  reason: string,
): PathResolution {
  const at = printPath([...trail, ...path.slice(start, position)]);
  return { found: false, segment: position, at, reason };
}

function whyMissing(segment: Exclude<PathSegment, { kind: "wildcard" }>, value: Json): string {
  if (segment.kind === "field") {
    const reason = `field '${segment.name}' not found`;
    return isJsonObject(value) ? reason : `${reason}: the value is ${article(jsonType(value))}`;
  }
  const reason = `index ${segment.index} not found`;
  return isJsonArray(value)
    ? `${reason}: the array has ${value.length} element${value.length === 1 ? "" : "s"}`
    : `${reason}: the value is ${article(jsonType(value))}`;
}

function article(type: string): string {
  if (type === "null") return "null";
  return `${type === "array" || type === "object" ? "an" : "a"} ${type}`;
}
