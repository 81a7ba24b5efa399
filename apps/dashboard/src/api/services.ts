import type { TraceServiceList } from "@scouter/contracts";
import { ApiError } from "./api-error.ts";
import { useRangeQuery } from "./queries.ts";

/** Names of the services whose spans are in the chosen time range; none on a server that does not list them. */
export function useServices() {
  return useRangeQuery<readonly string[]>({
    key: ["services"],
    load: async ({ api, signal, span }) => {
      const query = {
        start: new Date(span.fromMs).toISOString(),
        end: new Date(span.toMs).toISOString(),
      };
      try {
        const path = "/scouter/v2/traces/services";
        const reply = await api.get<TraceServiceList>(path, { query, signal });
        return reply.services.map(({ name }) => name);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return [];
        throw error;
      }
    },
  });
}
