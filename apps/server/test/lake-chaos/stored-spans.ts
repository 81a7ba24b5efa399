import { DuckDBInstance } from "@duckdb/node-api";
import { type LakePlace, openTable, storeOf } from "./lake-place.ts";
import { localPaths } from "./local-paths.ts";

/** What the committed files of a lake hold, read straight from them. */
export interface StoredSpans {
  readonly version: number;
  readonly files: number;
  /** How often each span id stands in them. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Of how many spans each trace consists by its summaries, whose fragments may say a span twice. */
export async function summarizedSpans(
  place: LakePlace,
  copies: string,
): Promise<ReadonlyMap<string, number>> {
  const store = await storeOf(place, "trace_summaries");
  const { snapshot } = await openTable(store);
  const named = snapshot.files().map(({ path }) => path);
  const paths = await localPaths(store, copies, named);
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `SELECT trace_id, count(DISTINCT span_id)::INTEGER FROM (
      SELECT trace_id, unnest(span_ids) AS span_id
      FROM read_parquet([${paths.map((path) => `'${path}'`).join(", ")}])) GROUP BY trace_id`,
  );
  const counts = new Map(reader.getRows() as [string, number][]);
  connection.closeSync();
  instance.closeSync();
  return counts;
}

export async function storedSpans(place: LakePlace, copies: string): Promise<StoredSpans> {
  const store = await storeOf(place, "trace_spans");
  const { snapshot } = await openTable(store);
  const paths = await localPaths(
    store,
    copies,
    snapshot.files().map(({ path }) => path),
  );
  const counts = new Map<string, number>();
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `SELECT span_id, count(*)::INTEGER
      FROM read_parquet([${paths.map((path) => `'${path}'`).join(", ")}]) GROUP BY span_id`,
  );
  for (const [spanId, count] of reader.getRows()) counts.set(spanId as string, count as number);
  connection.closeSync();
  instance.closeSync();
  return { version: snapshot.version, files: paths.length, counts };
}

/** Spans that one of the two tables knows and the other does not. */
export async function summaryDifferences(
  place: LakePlace,
  copies: { readonly spans: string; readonly summaries: string },
): Promise<readonly (readonly [traceId: string, spanId: string])[]> {
  const sourceOf = async (name: "trace_spans" | "trace_summaries", folder: string) => {
    const store = await storeOf(place, name);
    const { snapshot } = await openTable(store);
    const named = snapshot.files().map(({ path }) => path);
    const paths = await localPaths(store, folder, named);
    return `read_parquet([${paths.map((path) => `'${path}'`).join(", ")}])`;
  };
  const spans = `SELECT trace_id, span_id FROM ${await sourceOf("trace_spans", copies.spans)}`;
  const summaries = `SELECT trace_id, unnest(span_ids) AS span_id
    FROM ${await sourceOf("trace_summaries", copies.summaries)}`;
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `((${spans}) EXCEPT (${summaries})) UNION ALL ((${summaries}) EXCEPT (${spans}))`,
  );
  const differences = reader.getRows() as [string, string][];
  connection.closeSync();
  instance.closeSync();
  return differences;
}
