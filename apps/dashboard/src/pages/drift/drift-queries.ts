import type {
  DriftDistribution,
  DriftGrid,
  DriftProfile,
  DriftProfilePage,
  DriftWindowDetail,
} from "@scouter/contracts";
import { useApiQuery, useRangeQuery } from "../../api/queries.ts";
import type { TimeSpan } from "../../time/time-range.ts";

const ROOT = "/scouter/v2/drift";
/** How often something is asked for that is not there yet. */
const WAITING_POLL_MS = 2000;
/** Of profiles: more than a person looks through; the table says when there are more. */
const MOST_PROFILES = 500;
/** Columns of the grid: what a wide screen shows with some scrolling. */
const MOST_WINDOWS = 90;

export function isoOf({ fromMs, toMs }: TimeSpan) {
  return { start: new Date(fromMs).toISOString(), end: new Date(toMs).toISOString() };
}

export interface DriftProfiles {
  readonly items: readonly DriftProfile[];
  readonly hasMore: boolean;
}

export function useDriftProfiles(filter: {
  readonly space: string | undefined;
  readonly kind: string | undefined;
}) {
  return useRangeQuery<DriftProfiles>({
    key: ["drift profiles", filter],
    load: async ({ api, signal, span }) => {
      const query = { ...isoOf(span), ...filter, limit: MOST_PROFILES };
      const page = await api.get<DriftProfilePage>(`${ROOT}/profiles`, { query, signal });
      return { items: page.items, hasMore: page.next_cursor !== null };
    },
    pollMs: (known) => (known?.value.items.length === 0 ? WAITING_POLL_MS : false),
  });
}

export function useDriftGrid(uid: string, measuredOnly: boolean) {
  return useRangeQuery<DriftGrid>({
    key: ["drift grid", { uid, measuredOnly }],
    load: ({ api, signal, span }) =>
      api.get(`${ROOT}/grid`, {
        query: { ...isoOf(span), uid, limit: MOST_WINDOWS, measured: measuredOnly },
        signal,
      }),
    pollMs: (known) => (known?.value.windows.length === 0 ? WAITING_POLL_MS : false),
  });
}

export function useDriftWindow(id: string | undefined) {
  return useApiQuery<DriftWindowDetail>({
    key: ["drift window", id],
    enabled: id !== undefined,
    load: ({ api, signal }) =>
      api.get(`${ROOT}/windows/${encodeURIComponent(id ?? "")}`, { signal }),
  });
}

export function useDistribution(id: string | undefined, feature: string | undefined) {
  return useApiQuery<DriftDistribution>({
    key: ["drift distribution", id, feature],
    enabled: id !== undefined && feature !== undefined,
    load: ({ api, signal }) =>
      api.get(`${ROOT}/windows/${encodeURIComponent(id ?? "")}/distribution`, {
        query: { feature },
        signal,
      }),
  });
}
