import { binChartSql, valueChartSql } from "./archive-sql.ts";
import { type ArchiveOptions, DeltaArchive } from "./delta-archive.ts";
import type {
  ArchiveDay,
  ArchivedBin,
  ArchivedSum,
  ArchivedValue,
  ArchivedValues,
  ArchiveQuery,
  ArchiveWindow,
  ObservationArchive,
} from "./observation-archive.ts";
import { OBSERVATION_TABLE } from "./observation-table.ts";
import { lastValuesSql, windowBinsSql, windowSumsSql, windowValuesSql } from "./window-sql.ts";

/** Touches nothing before the first call: most servers have nothing archived. */
export function openObservationArchive(options: ArchiveOptions): ObservationArchive {
  return new LakeObservationArchive(new DeltaArchive(OBSERVATION_TABLE, options));
}

class LakeObservationArchive implements ObservationArchive {
  readonly #archive: DeltaArchive;

  constructor(archive: DeltaArchive) {
    this.#archive = archive;
  }

  write(
    { kind, day, epoch }: ArchiveDay,
    rows: AsyncIterable<{ readonly text: string }>,
  ): Promise<number> {
    const values = { kind, day };
    const replaces = (other: Readonly<Record<string, string>>) =>
      other["kind"] === kind && other["day"] === day;
    return this.#archive.write({ values, epoch, replaces }, rows);
  }

  epoch(): Promise<number> {
    return this.#archive.epoch();
  }

  async valueChart(query: ArchiveQuery): Promise<readonly ArchivedValues[]> {
    const rows = await this.#rows(query, valueChartSql);
    return rows.map(archivedValues);
  }

  async binChart(query: ArchiveQuery): Promise<readonly ArchivedBin[]> {
    const rows = await this.#rows(query, binChartSql);
    return rows.map(([series, bucket, binId, count]) => ({
      series: series as string,
      bucketMs: Number(bucket),
      binId: binId as number,
      count: Number(count),
    }));
  }

  async windowValues(query: ArchiveWindow): Promise<readonly ArchivedValue[]> {
    return (await this.#received(query, windowValuesSql)).map(archivedValue);
  }

  async windowSums(query: ArchiveWindow): Promise<readonly ArchivedSum[]> {
    const rows = await this.#received(query, windowSumsSql);
    return rows.map(([series, sum, count]) => ({
      series: series as string,
      sum: sum as number,
      count: Number(count),
    }));
  }

  async windowBins(query: ArchiveWindow): Promise<readonly Omit<ArchivedBin, "bucketMs">[]> {
    const rows = await this.#received(query, windowBinsSql);
    return rows.map(([series, binId, count]) => ({
      series: series as string,
      binId: binId as number,
      count: Number(count),
    }));
  }

  async lastValues(
    query: Omit<ArchiveWindow, "beginMs"> & { readonly count: number },
  ): Promise<readonly ArchivedValue[]> {
    return (await this.#received({ ...query, beginMs: 0 }, lastValuesSql)).map(archivedValue);
  }

  merge(days: readonly Omit<ArchiveDay, "epoch">[], epoch: number): Promise<boolean> {
    const groups = days.map(({ kind, day }) => ({ of: [{ kind, day }], into: { kind, day } }));
    return this.#archive.merge(groups, epoch);
  }

  expire(beforeDay: string, epoch: number): Promise<number> {
    return this.#archive.expire(beforeDay, epoch);
  }

  vacuum(): Promise<void> {
    return this.#archive.vacuum();
  }

  close(): Promise<void> {
    return this.#archive.close();
  }

  #received<Query extends ArchiveWindow>(
    query: Query,
    sqlOf: (query: Query, paths: readonly string[]) => string,
  ): Promise<readonly (readonly unknown[])[]> {
    const { kind, days, beginMs, endMs } = query;
    const partitions = days.map((day) => ({ kind, day }));
    return this.#archive.rows({ partitions, column: "received_at", beginMs, endMs }, (paths) =>
      sqlOf(query, paths),
    );
  }

  #rows(
    query: ArchiveQuery,
    sqlOf: (query: ArchiveQuery, paths: readonly string[]) => string,
  ): Promise<readonly (readonly unknown[])[]> {
    const { kind, days, beginMs, endMs } = query;
    const partitions = days.map((day) => ({ kind, day }));
    return this.#archive.rows({ partitions, column: "created_at", beginMs, endMs }, (paths) =>
      sqlOf(query, paths),
    );
  }
}

function archivedValue([series, at, value]: readonly unknown[]): ArchivedValue {
  return { series: series as string, at: at as string, value: value as number };
}

/** Of a row of series, bucket, count, average and deviation. */
export function archivedValues(row: readonly unknown[]): ArchivedValues {
  const [series, bucket, count, average, deviation] = row;
  return {
    series: series as string,
    bucketMs: Number(bucket),
    count: Number(count),
    average: average as number,
    deviation: deviation as number,
  };
}
