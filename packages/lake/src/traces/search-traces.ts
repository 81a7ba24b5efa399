import type { DuckDBConnection } from "@duckdb/node-api";
import { layoutTrace } from "@scouter/telemetry";
import type { ReadView } from "../reader/read-view.ts";
import { lightColumns, readLightSpans, type LightSpan } from "./light-spans.ts";
import { fragmentsSql } from "../summary/fragment-source.ts";
import { isOfTrace, mergedFragmentsSql } from "./merged-fragments.ts";
import { mergedTracesSql, reachOf, spansSql } from "./merged-traces.ts";
import { searchWindows } from "./search-windows.ts";
import { Parameters } from "./span-condition.ts";
import { traceDigest } from "./trace-digest.ts";
import type { TimeRange, TraceDigest, TraceSearch, TraceSearchPage } from "./trace-queries.ts";

/** One page, found window by window from the newest, then read in full for the traces of the page alone. */
export async function searchTraces(
  connection: DuckDBConnection,
  view: ReadView,
  search: TraceSearch,
): Promise<TraceSearchPage> {
  const found: FoundTrace[] = [];
  const seen = new Set<string>();
  const ofTrace = isOfTrace(search.filter);
  const { files } = ofTrace ? view.summaries : view;
  const find = ofTrace ? searchFragments : searchWindow;
  for (const window of searchWindows(files, belowCursor(search))) {
    const wanted = search.limit + 1 - found.length;
    for (const trace of await find(connection, view, { ...search, limit: wanted }, window)) {
      // A trace that lasts longer than the reach may look like one in each of two windows.
      if (!seen.has(trace.traceId)) found.push(trace);
      seen.add(trace.traceId);
    }
    if (found.length > search.limit) break;
  }
  const page = found.slice(0, search.limit);
  const items = await readDigests(connection, view, page);
  return { items, hasMore: found.length > search.limit };
}

/** Nothing later than the cursor can follow it. */
function belowCursor({ range, cursor }: TraceSearch): TimeRange {
  const end = cursor === undefined ? range.toNano : cursor.startTimeUnixNano + 1n;
  return { fromNano: range.fromNano, toNano: end < range.toNano ? end : range.toNano };
}

interface FoundTrace {
  readonly traceId: string;
  readonly startNano: bigint;
  readonly durationNano: bigint;
}

/** Traces with a span in the window are merged from all their spans; those that begin in it and match stay. */
async function searchWindow(
  connection: DuckDBConnection,
  view: ReadView,
  search: TraceSearch,
  window: TimeRange,
): Promise<readonly FoundTrace[]> {
  const parameters = new Parameters();
  const inWindow = await spansSql(view, window, ["trace_id", "start_time_unix_nano"]);
  const candidates = `SELECT DISTINCT trace_id FROM (${inWindow})`;
  const merged = await mergedTracesSql(view, window, search.filter, parameters, {
    spans: async (columns) =>
      `SELECT * FROM (${await spansSql(view, reachOf(window), columns)}) WHERE trace_id IN (${candidates})`,
    having: cursorCondition(search, parameters),
  });
  return readFound(connection, merged, search.limit, parameters);
}

/** The same from fragments. */
async function searchFragments(
  connection: DuckDBConnection,
  view: ReadView,
  search: TraceSearch,
  window: TimeRange,
): Promise<readonly FoundTrace[]> {
  const parameters = new Parameters();
  const inWindow = await fragmentsSql(view.summaries, window, ["trace_id", "start_time_unix_nano"]);
  const merged = await mergedFragmentsSql(view.summaries, window, search.filter, parameters, {
    traceIds: `SELECT trace_id FROM (${inWindow})`,
    having: cursorCondition(search, parameters),
  });
  return readFound(connection, merged, search.limit, parameters);
}

async function readFound(
  connection: DuckDBConnection,
  merged: string,
  limit: number,
  parameters: Parameters,
): Promise<readonly FoundTrace[]> {
  const reader = await connection.runAndReadAll(
    `SELECT trace_id, start_nano, duration_nano FROM (${merged})
      ORDER BY start_nano DESC, trace_id DESC LIMIT ${limit}`,
    parameters.values,
  );
  return reader.getRows().map(([traceId, startNano, durationNano]) => ({
    traceId: traceId as string,
    startNano: startNano as bigint,
    durationNano: durationNano as bigint,
  }));
}

function cursorCondition({ cursor }: TraceSearch, parameters: Parameters): readonly string[] {
  if (cursor === undefined) return [];
  const { startTimeUnixNano, traceId } = cursor;
  return [
    `(start_nano < ${startTimeUnixNano} OR
      (start_nano = ${startTimeUnixNano} AND trace_id < ${parameters.add(traceId)}))`,
  ];
}

async function readDigests(
  connection: DuckDBConnection,
  view: ReadView,
  page: readonly FoundTrace[],
): Promise<readonly TraceDigest[]> {
  const extent = extentOf(page);
  if (extent === undefined) return [];
  const ids = Object.fromEntries(page.map(({ traceId }, index) => [`t${index}`, traceId]));
  const list = page.map((_, index) => `$t${index}`).join(", ");
  const spans = await readLightSpans(
    connection,
    `SELECT * FROM (${await spansSql(view, extent, lightColumns)}) WHERE trace_id IN (${list})`,
    ids,
  );
  const ofTrace = Map.groupBy(spans, (span) => span.traceId);
  return page.flatMap(({ traceId }) => {
    const found = ofTrace.get(traceId);
    // Its spans may have expired a moment ago, and its fragments not yet.
    return found === undefined ? [] : [digestOf(found)];
  });
}

function digestOf(spans: readonly LightSpan[]): TraceDigest {
  return traceDigest(spans, layoutTrace(spans));
}

/** From the earliest start to the latest end: no span of these traces starts outside. */
function extentOf(page: readonly FoundTrace[]): TimeRange | undefined {
  const [first, ...rest] = page;
  if (first === undefined) return undefined;
  let fromNano = first.startNano;
  let lastNano = first.startNano + first.durationNano;
  for (const { startNano, durationNano } of rest) {
    if (startNano < fromNano) fromNano = startNano;
    if (startNano + durationNano > lastNano) lastNano = startNano + durationNano;
  }
  return { fromNano, toNano: lastNano + 1n };
}
