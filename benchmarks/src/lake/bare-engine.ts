import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import type { TimeRange } from "@scouter/lake";
import type { TableFile } from "./table-files.ts";

/**
 * The engine alone on the same files: one plain statement each, over the files that can hold the range. What the lake's
 * reads are compared with.
 */
export class BareEngine {
  readonly #instance: DuckDBInstance;
  readonly #idle: DuckDBConnection[] = [];
  readonly #files: readonly TableFile[];

  private constructor(instance: DuckDBInstance, files: readonly TableFile[]) {
    this.#instance = instance;
    this.#files = files;
  }

  static async open(files: readonly TableFile[], threads: number): Promise<BareEngine> {
    const instance = await DuckDBInstance.create(":memory:", {
      threads: String(threads),
      memory_limit: "2GB",
    });
    const bare = new BareEngine(instance, files);
    await bare.#rows("SET GLOBAL parquet_metadata_cache = true", {});
    return bare;
  }

  /** Spans of a trace, all columns. */
  async trace(traceId: string): Promise<number> {
    const sql = `SELECT * FROM ${this.#source()} WHERE trace_id = $trace_id`;
    return (await this.#rows(sql, { trace_id: traceId })).length;
  }

  /** Traces in buckets of time: count, errors, quantiles of duration. */
  async metrics(range: TimeRange, bucketNano: bigint): Promise<number> {
    const rows = await this.#rows(
      `SELECT (start_nano - ${range.fromNano}) // ${bucketNano} AS bucket, count(*)::INTEGER,
          count(*) FILTER (failed), quantile_cont(end_nano - start_nano, 0.5),
          quantile_cont(end_nano - start_nano, 0.95)
        FROM (SELECT min(start_time_unix_nano) AS start_nano, max(status_code) = 2 AS failed,
            max(start_time_unix_nano + duration_nano) AS end_nano
          FROM ${this.#source(range)} WHERE ${conditionOf(range)} GROUP BY trace_id)
        GROUP BY bucket`,
      {},
    );
    return rows.reduce((sum, [, count]) => sum + (count as number), 0);
  }

  /** Newest traces with a span that has the value: all columns of those spans. */
  async withAttribute(range: TimeRange, key: string, value: string, limit: number) {
    const rows = await this.#rows(
      `SELECT * FROM ${this.#source(range)}
        WHERE ${conditionOf(range)} AND attributes[$key] = $value
        ORDER BY start_time_unix_nano DESC LIMIT ${limit}`,
      { key, value: JSON.stringify(value) },
    );
    return new Set(rows.map(([traceId]) => traceId)).size;
  }

  /** Newest traces of everything, as one would ask without thinking of windows. */
  async newest(limit: number): Promise<number> {
    const rows = await this.#rows(
      `SELECT trace_id, min(start_time_unix_nano) AS start_nano,
          max(start_time_unix_nano + duration_nano), count(*), max(status_code)
        FROM ${this.#source()} GROUP BY trace_id ORDER BY start_nano DESC LIMIT ${limit}`,
      {},
    );
    return rows.length;
  }

  close(): void {
    for (const connection of this.#idle) connection.closeSync();
    this.#instance.closeSync();
  }

  #source(range?: TimeRange): string {
    const files = this.#files.filter(
      ({ minStartNano, maxStartNano }) =>
        range === undefined || (minStartNano < range.toNano && maxStartNano >= range.fromNano),
    );
    return `read_parquet([${files.map(({ path }) => `'${path}'`).join(", ")}], hive_partitioning = false)`;
  }

  async #rows(sql: string, parameters: Record<string, string>) {
    const connection = this.#idle.pop() ?? (await this.#instance.connect());
    try {
      return (await connection.runAndReadAll(sql, parameters)).getRows();
    } finally {
      this.#idle.push(connection);
    }
  }
}

function conditionOf({ fromNano, toNano }: TimeRange): string {
  return `start_time_unix_nano >= ${fromNano} AND start_time_unix_nano < ${toNano}`;
}
