import { type ArchiveOptions, DeltaArchive } from "./delta-archive.ts";
import type {
  ArchivedCounts,
  ArchivedEvaluationPart,
  ArchivedJudgeCosts,
  ArchivedPassRates,
  ArchivedProfileCounts,
  ArchivedTally,
  ArchivedTaskCounts,
  EvaluationArchive,
  EvaluationChartQuery,
  EvaluationCountsQuery,
  EvaluationPeriodQuery,
  ProfileCountsQuery,
} from "./evaluation-archive.ts";
import {
  countsSql,
  judgeCostsSql,
  passRatesSql,
  profileCountsSql,
  talliesSql,
  taskChartSql,
  workflowChartSql,
} from "./evaluation-sql.ts";
import { EVALUATION_TABLE } from "./evaluation-table.ts";
import type { ArchivedValues } from "./observation-archive.ts";
import { archivedValues } from "./open-observation-archive.ts";

/** Touches nothing before the first call: most servers have nothing archived. */
export function openEvaluationArchive(options: ArchiveOptions): EvaluationArchive {
  return new LakeEvaluationArchive(new DeltaArchive(EVALUATION_TABLE, options));
}

type TimeColumn = "result_created_at" | "evaluated_at";

class LakeEvaluationArchive implements EvaluationArchive {
  readonly #archive: DeltaArchive;

  constructor(archive: DeltaArchive) {
    this.#archive = archive;
  }

  write(
    { day, part, epoch }: ArchivedEvaluationPart & { readonly epoch: number },
    rows: AsyncIterable<{ readonly text: string }>,
  ): Promise<number> {
    const values = { day, part: String(part) };
    const replaces = (other: Readonly<Record<string, string>>) =>
      other["day"] === day && Number(other["part"]) >= part;
    return this.#archive.write({ values, epoch, replaces }, rows);
  }

  epoch(): Promise<number> {
    return this.#archive.epoch();
  }

  async taskChart(query: EvaluationChartQuery): Promise<readonly ArchivedValues[]> {
    const rows = await this.#rows(query, "result_created_at", taskChartSql);
    return rows.map(archivedValues);
  }

  async workflowChart(query: EvaluationChartQuery): Promise<readonly ArchivedValues[]> {
    const rows = await this.#rows(query, "result_created_at", workflowChartSql);
    return rows.map(archivedValues);
  }

  async counts(query: EvaluationCountsQuery): Promise<readonly ArchivedCounts[]> {
    const rows = await this.#rows(query, "evaluated_at", countsSql);
    return rows.map(([bucket, records, ...tasks]) => ({
      bucket: Number(bucket),
      records: Number(records),
      tasks: taskCounts(tasks),
    }));
  }

  async profileCounts(query: ProfileCountsQuery): Promise<readonly ArchivedProfileCounts[]> {
    const rows = await this.#rows(query, "evaluated_at", profileCountsSql);
    return rows.map(([profileUid, records, ...tasks]) => ({
      profileUid: profileUid as string,
      records: Number(records),
      tasks: taskCounts(tasks),
    }));
  }

  async taskTallies(query: EvaluationPeriodQuery): Promise<readonly ArchivedTally[]> {
    const rows = await this.#rows(query, "evaluated_at", talliesSql);
    return rows.map(([taskId, skippedBy, ...counts]) => ({
      taskId: taskId as string,
      skippedBy: skippedBy as string | null,
      counts: taskCounts(counts),
    }));
  }

  async passRates(query: EvaluationPeriodQuery): Promise<ArchivedPassRates> {
    const [row] = await this.#rows(query, "evaluated_at", passRatesSql);
    const [sum = 0, count, passed, total] = row ?? [];
    return {
      sum: sum as number,
      count: Number(count ?? 0),
      passedTasks: Number(passed ?? 0),
      totalTasks: Number(total ?? 0),
    };
  }

  async judgeCosts(query: EvaluationPeriodQuery): Promise<readonly ArchivedJudgeCosts[]> {
    const rows = await this.#rows(query, "evaluated_at", judgeCostsSql);
    return rows.map((row) => ({
      taskId: row[0] as string,
      provider: row[1] as string,
      model: row[2] as string,
      judged: Number(row[3]),
      skipped: Number(row[4]),
      calls: Number(row[5]),
      cachedCalls: Number(row[6]),
      savedCalls: Number(row[7]),
      inputTokens: Number(row[8]),
      outputTokens: Number(row[9]),
      costUsd: row[10] as number | null,
      unpricedCalls: Number(row[11]),
    }));
  }

  merge(parts: readonly ArchivedEvaluationPart[], epoch: number): Promise<boolean> {
    const byDay = Map.groupBy(parts, ({ day }) => day);
    const groups = [...byDay].map(([day, ofDay]) => ({
      of: ofDay.map(({ part }) => ({ day, part: String(part) })),
      into: { day, part: "0" },
    }));
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

  #rows<
    Query extends {
      readonly parts: readonly ArchivedEvaluationPart[];
      readonly beginMs: number;
      readonly endMs: number;
    },
  >(
    query: Query,
    column: TimeColumn,
    sqlOf: (query: Query, paths: readonly string[]) => string,
  ): Promise<readonly (readonly unknown[])[]> {
    const { parts, beginMs, endMs } = query;
    const partitions = parts.map(({ day, part }) => ({ day, part: String(part) }));
    return this.#archive.rows({ partitions, column, beginMs, endMs }, (paths) =>
      sqlOf(query, paths),
    );
  }
}

function taskCounts([passed, failed, errored, skipped]: readonly unknown[]): ArchivedTaskCounts {
  return {
    passed: Number(passed),
    failed: Number(failed),
    errored: Number(errored),
    skipped: Number(skipped),
  };
}
