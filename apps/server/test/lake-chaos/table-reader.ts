/**
 * Reads the table's newest snapshot over and over, straight from its files, and looks for what must never be seen: half
 * a commit, a span twice, spans that were there before. Tells its parent after every look.
 */
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { type LakePlace, openTable, storeOf } from "./lake-place.ts";
import { localPaths } from "./local-paths.ts";
import { SPANS_PER_REQUEST } from "./trial.ts";

/** What a look found. */
export interface Look {
  readonly version: number;
  readonly files: number;
  readonly spans: number;
  /** Undefined when all is as it must be. */
  readonly fault: string | undefined;
}

await watch(JSON.parse(process.argv[2] ?? "") as WatchOptions);

export interface WatchOptions {
  readonly place: LakePlace;
  /** Folder of this reader alone. */
  readonly copies: string;
}

async function watch({ place, copies }: WatchOptions): Promise<never> {
  process.once("disconnect", () => process.exit());
  const store = await storeOf(place, "trace_spans");
  const table = await openTable(store);
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  let seen = 0;
  for (;;) {
    const snapshot = await table.refresh();
    const paths = snapshot.files().map(({ path }) => path);
    let look: Look;
    try {
      look = await lookAt(connection, await localPaths(store, copies, paths), seen);
    } catch (error) {
      look = { version: 0, files: 0, spans: seen, fault: `a read failed: ${String(error)}` };
    }
    seen = Math.max(seen, look.spans);
    process.send?.({ ...look, version: snapshot.version });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function lookAt(
  connection: DuckDBConnection,
  paths: readonly string[],
  seen: number,
): Promise<Look> {
  if (paths.length === 0) return { version: 0, files: 0, spans: 0, fault: undefined };
  const list = paths.map((path) => `'${path}'`).join(", ");
  const reader = await connection.runAndReadAll(`
    SELECT sum(n)::INTEGER AS rows, sum(ids)::INTEGER AS ids,
      count(*) FILTER (n != ${SPANS_PER_REQUEST})::INTEGER AS broken
    FROM (SELECT trace_id, count(*) AS n, count(DISTINCT span_id) AS ids
      FROM read_parquet([${list}]) GROUP BY trace_id)`);
  const [rows, ids, broken] = (reader.getRows()[0] ?? []) as [number, number, number];
  const faults = [
    ...(broken > 0 ? [`${broken} requests are there in part or twice`] : []),
    ...(rows === ids ? [] : [`${rows} rows of ${ids} spans`]),
    ...(ids >= seen ? [] : [`${ids} spans where ${seen} were before`]),
  ];
  return { version: 0, files: paths.length, spans: ids, fault: faults.join("; ") || undefined };
}
