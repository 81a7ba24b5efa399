import type { TraceFacets } from "@scouter/contracts";
import { hasToken, type TraceFilterKey } from "./trace-filter.ts";

export type FacetField = keyof TraceFacets["facets"];

export interface FacetRow {
  readonly value: string;
  readonly count: number;
  readonly isChosen: boolean;
}

/**
 * Values of one field with counts. Those of the whole range stay on the list, so that a choice can be widened: beside a
 * chosen value the others show what they would add, without one they show what is left of them under the filter.
 *
 * @param all of the range, without a filter
 * @param matching under the filter
 */
export function facetRows(
  field: FacetField,
  filter: string,
  { all, matching }: { readonly all: TraceFacets; readonly matching: TraceFacets },
): readonly FacetRow[] {
  const key: TraceFilterKey = field;
  const counts = new Map(matching.facets[field].map(({ value, count }) => [value, count]));
  const values = [...new Set([...all.facets[field].map(({ value }) => value), ...counts.keys()])];
  const hasChoice = values.some((value) => hasToken(filter, key, value));
  const totals = new Map(all.facets[field].map(({ value, count }) => [value, count]));
  return values.map((value) => {
    const isChosen = hasToken(filter, key, value);
    const widens = hasChoice && !isChosen;
    return { value, isChosen, count: (widens ? totals : counts).get(value) ?? 0 };
  });
}
