import { binChartSql, valueChartSql } from "./archive-sql.ts";
import { type ArchiveOptions, DeltaArchive } from "./delta-archive.ts";
import type {
  ArchiveDay,
  ArchivedBin,
  ArchivedValues,
  ArchiveQuery,
  ObservationArchive,
} from "./observation-archive.ts";
import { OBSERVATION_TABLE } from "./observation-table.ts";

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
