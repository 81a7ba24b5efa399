import { ApiError } from "./api-error.ts";
import { useRangeQuery } from "./queries.ts";

interface ServiceRow {
  readonly name?: string;
  readonly service_name?: string;
}

/** Names of the services whose spans are in the chosen time range; none on a server that does not list them. */
export function useServices() {
  return useRangeQuery<readonly string[]>({
    key: ["services"],
    load: async ({ api, signal, span }) => {
      const query = {
        from: new Date(span.fromMs).toISOString(),
        to: new Date(span.toMs).toISOString(),
      };
      try {
        const reply = await api.get<{ readonly items?: readonly (ServiceRow | string)[] }>(
          "/scouter/v2/traces/services",
          { query, signal },
        );
        return (reply.items ?? []).map(nameOf).filter((name) => name !== "");
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return [];
        throw error;
      }
    },
  });
}

function nameOf(row: ServiceRow | string): string {
  return typeof row === "string" ? row : (row.service_name ?? row.name ?? "");
}
