import type {
  BucketActivity,
  BucketedPeriod,
  ChartPoint,
  ChartRange,
  Database,
  EvaluationCounts,
  EvaluationCountsRequest,
  EvaluationProfileList,
  EvaluationProfilesRequest,
  JudgeCosts,
  Period,
  SpaceScope,
  TaskTallies,
} from "@scouter/database";
import { chartGrid } from "@scouter/database";
import type { ArchivedEvaluationPart, EvaluationArchive } from "@scouter/lake";
import {
  addedTasks,
  mergedActivity,
  mergedCounts,
  mergedJudgeCosts,
  mergedTallies,
} from "./merge-evaluations.ts";
import { mergedValues } from "./merge-points.ts";
import { readWhole } from "./read-whole.ts";

export interface EvaluatedChartParts {
  readonly database: Pick<Database, "observations" | "evaluations" | "evaluationDays" | "overview">;
  readonly archive: Omit<EvaluationArchive, "write" | "epoch" | "vacuum" | "close">;
}

type OfProfile = { readonly profileUid: string } & Period;

/**
 * Charts and sums of evaluations from the database and the archive as if they were one: each record counted once, whichever
 * side of the border it is on.
 */
export class EvaluatedCharts {
  readonly #parts: EvaluatedChartParts;

  constructor(parts: EvaluatedChartParts) {
    this.#parts = parts;
  }

  async agentTask(uid: string, range: ChartRange): Promise<readonly ChartPoint[]> {
    const { live, archived } = await this.#whole(
      ({ observations }) => observations.agentTaskChart(uid, range),
      (parts, archive) => archive.taskChart(chartQuery(uid, range, parts)),
    );
    return mergedValues(live, archived ?? []);
  }

  async agentWorkflow(uid: string, range: ChartRange): Promise<readonly ChartPoint[]> {
    const { live, archived } = await this.#whole(
      ({ observations }) => observations.agentWorkflowChart(uid, range),
      (parts, archive) => archive.workflowChart(chartQuery(uid, range, parts)),
    );
    return mergedValues(live, archived ?? []);
  }

  async counts(request: EvaluationCountsRequest): Promise<readonly EvaluationCounts[]> {
    const { profileUid, buckets, task } = request;
    const { live, archived } = await this.#whole(
      ({ evaluations }) => evaluations.counts(request),
      (parts, archive) =>
        archive.counts({ ...rangeOf(request), parts, of: { profileUid }, buckets, task }),
    );
    return archived === undefined ? live : mergedCounts(live, archived);
  }

  async profiles(request: EvaluationProfilesRequest): Promise<EvaluationProfileList> {
    const { live, archived } = await this.#whole(
      ({ evaluations }) => evaluations.profiles(request),
      (parts, archive, { items }) =>
        archive.profileCounts({
          ...rangeOf(request),
          parts,
          profileUids: items.map(({ uid }) => uid),
        }),
    );
    if (archived === undefined) return live;
    const byUid = new Map(archived.map((row) => [row.profileUid, row]));
    const items = live.items.map((item) => {
      const old = byUid.get(item.uid);
      if (old === undefined) return item;
      const records = item.records + old.records;
      return { ...item, records, tasks: addedTasks(item.tasks, old.tasks) };
    });
    return { ...live, items };
  }

  async taskTallies(request: OfProfile): Promise<TaskTallies> {
    const { profileUid } = request;
    const { live, archived } = await this.#whole(
      ({ evaluations }) => evaluations.taskTallies(request),
      async (parts, archive) => {
        const range = { ...rangeOf(request), parts };
        const [tasks, [sum]] = await Promise.all([
          archive.taskTallies({ ...range, profileUid }),
          archive.counts({ ...range, of: { profileUid }, buckets: 1 }),
        ]);
        return { tasks, records: sum?.records ?? 0 };
      },
    );
    if (archived === undefined) return live;
    return {
      records: live.records + archived.records,
      tasks: mergedTallies(live.tasks, archived.tasks),
    };
  }

  async judgeCosts(request: OfProfile): Promise<readonly JudgeCosts[]> {
    const { profileUid } = request;
    const { live, archived } = await this.#whole(
      ({ evaluations }) => evaluations.judgeCosts(request),
      (parts, archive) => archive.judgeCosts({ ...rangeOf(request), parts, profileUid }),
    );
    return archived === undefined ? live : mergedJudgeCosts(live, archived);
  }

  async activity(
    request: { readonly spaces: SpaceScope } & BucketedPeriod,
  ): Promise<readonly BucketActivity[]> {
    const { spaces, buckets } = request;
    const { live, archived } = await this.#whole(
      ({ overview }) => overview.activity(request),
      (parts, archive) => archive.counts({ ...rangeOf(request), parts, of: { spaces }, buckets }),
    );
    return archived === undefined ? live : mergedActivity(live, archived);
  }

  /** `archived` is undefined when nothing was. */
  async #whole<Live, Archived>(
    read: (database: EvaluatedChartParts["database"]) => Promise<Live>,
    readArchive: (
      parts: readonly ArchivedEvaluationPart[],
      archive: EvaluatedChartParts["archive"],
      live: Live,
    ) => Promise<Archived>,
  ): Promise<{ readonly live: Live; readonly archived: Archived | undefined }> {
    const { database, archive } = this.#parts;
    const { live, moved } = await readWhole(
      () => database.evaluationDays.archived(),
      () => read(database),
    );
    if (moved.length === 0) return { live, archived: undefined };
    return { live, archived: await readArchive(moved, archive, live) };
  }
}

function rangeOf({ startMs, endMs }: Period) {
  return { beginMs: startMs, endMs };
}

function chartQuery(
  profileUid: string,
  range: ChartRange,
  parts: readonly ArchivedEvaluationPart[],
) {
  const { beginMs, endMs } = range;
  return { parts, profileUid, beginMs, endMs, ...chartGrid(range) };
}
