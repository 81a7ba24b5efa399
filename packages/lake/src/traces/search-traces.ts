import type { DuckDBConnection } from "@duckdb/node-api";
import { layoutTrace } from "@scouter/telemetry";
import type { ReadView } from "../reader/read-view.ts";
import { lightColumns, readLightSpans, type LightSpan } from "./light-spans.ts";
import { fragmentsSql } from "../summary/fragment-source.ts";
import { isOfTrace, mergedFragmentsSql } from "./merged-fragments.ts";
import { reachOf, spansSql } from "./merged-traces.ts";
import { searchWindows } from "./search-windows.ts";
import { Parameters, spanCondition } from "./span-condition.ts";
import { traceDigest } from "./trace-digest.ts";
import type {
  SpanFilter,
  TimeRange,
  TraceDigest,
  TraceSearch,
  TraceSearchPage,
} from "./trace-queries.ts";

/** One page, found window by window from the newest, then read in full for the traces of the page alone. */
export async function searchTraces(
  connection: DuckDBConnection,
  view: ReadView,
  search: TraceSearch,
): Promise<TraceSearchPage> {
  const found = isOfTrace(search.filter)
    ? await walk(search, view.summaries.files, (window, wanted) =>
        searchFragments(connection, view, { ...search, limit: wanted }, window),
      )
    : await walkMatches(connection, view, search);
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

/** Windows, newest first, until there are enough; `find` gives the newest traces that begin in one. */
async function walk(
  search: TraceSearch,
  files: ReadView["files"],
  find: (window: TimeRange, wanted: number) => Promise<readonly FoundTrace[]>,
): Promise<readonly FoundTrace[]> {
  const found: FoundTrace[] = [];
  const seen = new Set<string>();
  for (const window of searchWindows(files, belowCursor(search))) {
    for (const trace of await find(window, search.limit + 1 - found.length)) {
      // A trace that lasts longer than the reach may look like one in each of two windows.
      if (!seen.has(trace.traceId)) found.push(trace);
      seen.add(trace.traceId);
    }
    if (found.length > search.limit) break;
  }
  return found;
}

/**
 * For filters on spans: which traces have a matching one is asked of the spans, each of which is looked at once, and all
 * else of the fragments. A trace whose matching span lies in a window may begin before it: it waits for its own.
 */
async function walkMatches(
  connection: DuckDBConnection,
  view: ReadView,
  search: TraceSearch,
): Promise<readonly FoundTrace[]> {
  const waiting = new Map<string, FoundTrace>();
  let scannedFrom = reachOf(belowCursor(search)).toNano;
  return walk(search, view.files, async (window, wanted) => {
    const scan = { fromNano: window.fromNano, toNano: scannedFrom };
    scannedFrom = window.fromNano;
    const matches = await readMatches(connection, view, search, { window, scan, wanted });
    for (const trace of matches) waiting.set(trace.traceId, trace);
    const here = [...waiting.values()].filter(({ startNano }) => startNano >= window.fromNano);
    for (const { traceId } of here) waiting.delete(traceId);
    return here.toSorted(newestFirst).slice(0, wanted);
  });
}

/** Of the traces with a matching span in `scan`: the newest that begin in the window, and all that begin before it. */
async function readMatches(
  connection: DuckDBConnection,
  view: ReadView,
  search: TraceSearch,
  { window, scan, wanted }: { window: TimeRange; scan: TimeRange; wanted: number },
): Promise<readonly FoundTrace[]> {
  const matching = await matchingTraces(connection, view, search, scan);
  if (matching === undefined) return [];
  const { traceIds, parameters } = matching;
  const { fromNano } = reachOf(window);
  const merged = await mergedFragmentsSql(
    view.summaries,
    { fromNano, toNano: window.toNano },
    { ...search.filter, spans: ANY_SPAN },
    parameters,
    { traceIds, having: cursorCondition(search, parameters) },
  );
  const reader = await connection.runAndReadAll(
    `WITH merged AS MATERIALIZED (${merged})
      (SELECT trace_id, start_nano, duration_nano FROM merged WHERE start_nano >= ${window.fromNano}
        ORDER BY start_nano DESC, trace_id DESC LIMIT ${wanted})
      UNION ALL
      SELECT trace_id, start_nano, duration_nano FROM merged WHERE start_nano < ${window.fromNano}`,
    parameters.values,
  );
  return foundOf(reader.getRows());
}

/** So many ids are named in a statement: by their filters the files tell quickly which row groups hold them. */
const NAMED_TRACES = 200;

/**
 * SQL of the ids of the traces with a matching span in `scan`, and what it is to be given; undefined when there is none.
 * Few are named; for many the spans are asked again, within the statement that needs them.
 */
async function matchingTraces(
  connection: DuckDBConnection,
  view: ReadView,
  { filter }: TraceSearch,
  scan: TimeRange,
): Promise<{ readonly traceIds: string; readonly parameters: Parameters } | undefined> {
  const parameters = new Parameters();
  const condition = spanCondition(filter.spans, parameters);
  const spans = await spansSql(view, scan, [
    "trace_id",
    "start_time_unix_nano",
    ...(condition?.columns ?? []),
  ]);
  const traceIds = `SELECT trace_id FROM (${spans}) WHERE ${condition?.sql ?? "true"}`;
  const reader = await connection.runAndReadAll(
    `SELECT DISTINCT trace_id FROM (${traceIds}) LIMIT ${NAMED_TRACES + 1}`,
    parameters.values,
  );
  const ids = reader.getRows().map(([traceId]) => traceId as string);
  if (ids.length === 0) return undefined;
  if (ids.length > NAMED_TRACES) return { traceIds, parameters };
  const named = new Parameters();
  return { traceIds: named.addAll(ids), parameters: named };
}

const ANY_SPAN: SpanFilter = { services: [], names: [], kinds: [], models: [], attributes: [] };

function newestFirst(a: FoundTrace, b: FoundTrace): number {
  if (a.startNano !== b.startNano) return a.startNano > b.startNano ? -1 : 1;
  return a.traceId > b.traceId ? -1 : 1;
}

/** Traces with a fragment in the window are merged from all of them; those that begin in it and match stay. */
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
  return foundOf(reader.getRows());
}

function foundOf(rows: readonly (readonly unknown[])[]): readonly FoundTrace[] {
  return rows.map(([traceId, startNano, durationNano]) => ({
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
