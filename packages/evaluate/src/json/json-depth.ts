import type { Json } from "@scouter/contracts";

/** Whether arrays and objects are nested in each other more than `levels` times. Never deeper in calls than that. */
export function exceedsDepth(value: Json, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value as Readonly<Record<string, Json>>).some((inner) =>
    exceedsDepth(inner, levels - 1),
  );
}
