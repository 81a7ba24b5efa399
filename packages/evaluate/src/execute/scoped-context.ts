import type { Json } from "@scouter/contracts";
import { isJsonObject } from "../json/json-type.ts";

/** A dependency as its dependents see it: undefined when it came to no value. */
export interface DependencyOutput {
  readonly id: string;
  readonly value: Json | undefined;
}

/**
 * What a task sees: the record's context, with the outputs of its own dependencies (not theirs) as members. A context
 * that is no object is put under `context` first. A dependency hides a member of its name also when it has no output,
 * so that a task never takes the record's value for its dependency's.
 */
export function scopedContext(base: Json, dependencies: readonly DependencyOutput[]): Json {
  if (dependencies.length === 0) return base;
  const scoped: Record<string, Json> = isJsonObject(base) ? { ...base } : { context: base };
  for (const { id, value } of dependencies) {
    if (value === undefined) delete scoped[id];
    else scoped[id] = value;
  }
  return scoped;
}
