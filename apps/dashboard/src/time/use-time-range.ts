import { useCallback } from "react";
import { useSearchParameters, useSetSearch } from "../url/search.ts";
import {
  DEFAULT_RANGE,
  parseTimeRange,
  textOfSpan,
  type TimeRange,
  type TimeSpan,
} from "./time-range.ts";

export interface ChosenRange {
  /** As the address has it, or the default. */
  readonly text: string;
  readonly range: TimeRange;
  readonly setText: (text: string) => void;
  /** What dragging over a chart does. */
  readonly zoomTo: (span: TimeSpan) => void;
}

const fallback: TimeRange = { kind: "last", durationMs: 86_400_000 };

/** The time range of the address; a text that cannot be read counts as the default. */
export function useTimeRange(): ChosenRange {
  const given = useSearchParameters().range ?? DEFAULT_RANGE;
  const setSearch = useSetSearch();
  const parsed = parseTimeRange(given);
  const setText = useCallback((text: string) => setSearch({ range: text }), [setSearch]);
  const zoomTo = useCallback(
    // A fixed piece of the past does not change: live would only fetch the same again.
    (span: TimeSpan) => setSearch({ range: textOfSpan(span), live: undefined }),
    [setSearch],
  );
  return {
    text: parsed === undefined ? DEFAULT_RANGE : given,
    range: parsed ?? fallback,
    setText,
    zoomTo,
  };
}
