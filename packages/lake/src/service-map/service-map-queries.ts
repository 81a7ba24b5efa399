import type { QueryOptions, TimeRange } from "../traces/trace-queries.ts";

export interface ServiceMapQueries {
  /** Calls between services, most calls first, then by names. */
  serviceEdges(query: ServiceEdgeQuery, options?: QueryOptions): Promise<readonly ServiceEdge[]>;
}

export interface ServiceEdgeQuery {
  /** Of the starts of the called spans. */
  readonly range: TimeRange;
  readonly source?: string;
  readonly destination?: string;
  /** 1 to 10,000. */
  readonly limit: number;
}

export interface ServiceEdge {
  readonly source: string;
  readonly destination: string;
  /** Name of the called span. */
  readonly endpoint: string;
  readonly calls: number;
  readonly errors: number;
  readonly firstSeenNano: bigint;
  readonly lastSeenNano: bigint;
  /** As the called side measured it. */
  readonly averageLatencyMs: number;
}
