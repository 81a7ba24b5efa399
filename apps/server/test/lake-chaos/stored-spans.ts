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
