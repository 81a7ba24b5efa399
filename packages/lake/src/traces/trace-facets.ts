import type { DuckDBConnection } from "@duckdb/node-api";
import type { ReadView } from "../reader/read-view.ts";
import { isOfTrace, mergedFragmentsSql } from "./merged-fragments.ts";
import { mergedTracesSql, reachOf, spansSql } from "./merged-traces.ts";
import { Parameters } from "./span-condition.ts";
import type {
  FacetCount,
  FacetQuery,
  ServiceCount,
  TimeRange,
  TraceFacetCounts,
} from "./trace-queries.ts";

const MODEL = "coalesce(gen_ai_response_model, gen_ai_request_model)";

/** One statement over one state of the lake, so that the counts fit each other. */
export async function traceFacets(
  connection: DuckDBConnection,
  view: ReadView,
  query: FacetQuery,
): Promise<TraceFacetCounts> {
  const parameters = new Parameters();
  const sql = isOfTrace(query.filter)
    ? await countedOfFragments(view, query, parameters)
    : await countedOfSpans(view, query, parameters);
  const reader = await connection.runAndReadAll(
    `${sql}
    SELECT facet, value, traces FROM counted WHERE value IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY facet ORDER BY traces DESC, value) <= ${query.limit}
    ORDER BY facet, traces DESC, value`,
    parameters.values,
  );
  return facetsOf(reader.getRows());
}

const ofMerged = `
      SELECT 'total' AS facet, '' AS value, count(*) AS traces FROM merged
      UNION ALL SELECT 'status', CASE WHEN has_error THEN 'error' ELSE 'ok' END, count(*) FROM merged GROUP BY ALL
      UNION ALL SELECT 'rootName', root_name, count(*) FROM merged GROUP BY ALL`;

async function countedOfFragments(
  view: ReadView,
  { range, filter }: FacetQuery,
  parameters: Parameters,
): Promise<string> {
  const options = { withRootName: true, withLists: true };
  const merged = await mergedFragmentsSql(view.summaries, range, filter, parameters, options);
  const ofList = (facet: string, list: string) =>
    `SELECT '${facet}', value, count(*) FROM (SELECT unnest(${list}) AS value FROM merged) GROUP BY ALL`;
  return `WITH merged AS MATERIALIZED (${merged}),
    counted AS (${ofMerged}
      UNION ALL ${ofList("service", "services")}
      UNION ALL ${ofList("kind", "gen_ai_kinds")}
      UNION ALL ${ofList("model", "models")})`;
}

async function countedOfSpans(
  view: ReadView,
  { range, filter }: FacetQuery,
  parameters: Parameters,
): Promise<string> {
  const merged = await mergedTracesSql(view, range, filter, parameters, { withRootName: true });
  const spans = await spansSql(view, reachOf(range), [
    "trace_id",
    "start_time_unix_nano",
    "service_name",
    "gen_ai_kind",
    "gen_ai_request_model",
    "gen_ai_response_model",
  ]);
  return `WITH merged AS MATERIALIZED (${merged}),
    said AS MATERIALIZED (
      SELECT DISTINCT trace_id, service_name, gen_ai_kind, ${MODEL} AS model
      FROM (${spans}) WHERE trace_id IN (SELECT trace_id FROM merged)),
    counted AS (${ofMerged}
      UNION ALL SELECT 'service', service_name, count(DISTINCT trace_id) FROM said GROUP BY ALL
      UNION ALL SELECT 'kind', gen_ai_kind, count(DISTINCT trace_id) FROM said GROUP BY ALL
      UNION ALL SELECT 'model', model, count(DISTINCT trace_id) FROM said GROUP BY ALL)`;
}

function facetsOf(rows: readonly (readonly unknown[])[]): TraceFacetCounts {
  const of = (facet: string): readonly FacetCount[] =>
    rows
      .filter(([name]) => name === facet)
      .map(([, value, count]) => ({ value: value as string, count: Number(count) }));
  return {
    total: of("total")[0]?.count ?? 0,
    service: of("service"),
    status: of("status"),
    rootName: of("rootName"),
    kind: of("kind"),
    model: of("model"),
  };
}

export async function traceServices(
  connection: DuckDBConnection,
  view: ReadView,
  range: TimeRange,
): Promise<readonly ServiceCount[]> {
  const columns = ["trace_id", "service_name", "status_code", "start_time_unix_nano"];
  const spans = await spansSql(view, range, columns);
  const reader = await connection.runAndReadAll(
    `SELECT service_name, count(*) AS traces, count(*) FILTER (has_error) AS errors
    FROM (SELECT service_name, trace_id, max(status_code) >= 2 AS has_error
      FROM (${spans}) GROUP BY ALL)
    GROUP BY service_name ORDER BY traces DESC, service_name`,
  );
  return reader.getRows().map(([name, traces, errors]) => ({
    name: name as string,
    traceCount: Number(traces),
    errorCount: Number(errors),
  }));
}
