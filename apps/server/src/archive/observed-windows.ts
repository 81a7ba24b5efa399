import type {
  AgentTallies,
  Database,
  DayRange,
  ObservationKind,
  PassTally,
  ProfileWindow,
  SpcPointList,
  SpcPointsRequest,
  TimeWindow,
  ValueTally,
} from "@scouter/database";
import type { ArchivedValue, EvaluationArchive, ObservationArchive } from "@scouter/lake";
import type { WindowData } from "../drift/window-data.ts";
import { readWhole } from "./read-whole.ts";

export interface ObservedWindowParts {
  readonly database: Pick<
    Database,
    "observations" | "observationDays" | "evaluationDays" | "driftBoard"
  >;
  readonly observations: Pick<
    ObservationArchive,
    "windowValues" | "windowSums" | "windowBins" | "lastValues"
  >;
  readonly evaluations: Pick<EvaluationArchive, "passRates" | "taskTallies">;
}

type Values = ReadonlyMap<string, readonly number[]>;

/** What is read of the archive: times are exact to the microsecond. */
interface Archived {
  readonly days: readonly string[];
  readonly beginMs: number;
  readonly endMs: number;
}

const MICROSECOND = 0.001;
const FIRST_DAY = "0001-01-01";

/**
 * What drift windows read, from the database and the archive as if they were one, for those that look back: backtests and
 * explanations. Windows that are due read the database alone, which keeps what they need.
 */
export class ObservedWindows implements WindowData {
  readonly #parts: ObservedWindowParts;

  constructor(parts: ObservedWindowParts) {
    this.#parts = parts;
  }

  async spcValues(uid: string, window: TimeWindow): Promise<Values> {
    const { database, observations } = this.#parts;
    const { live, archived } = await this.#whole("Spc", daysOf(window), {
      live: () => database.observations.spcValues(uid, window),
      archived: (days) => observations.windowValues({ ...ofWindow("Spc", uid, window), days }),
    });
    return joined(bySeries(archived), live);
  }

  /** What is archived was received before what is not. */
  async lastSpcValues(uid: string, atMs: number, count: number): Promise<Values> {
    const { database, observations } = this.#parts;
    const days = { first: FIRST_DAY, last: dayOf(atMs) };
    const query = { kind: "Spc", profileUid: uid, endMs: atMs + MICROSECOND, count };
    const { live, archived } = await this.#whole("Spc", days, {
      live: () => database.observations.lastSpcValues(uid, atMs, count),
      archived: (among) => observations.lastValues({ ...query, days: among }),
    });
    const all = joined(bySeries(archived), live);
    return new Map([...all].map(([series, values]) => [series, values.slice(-count)]));
  }

  async psiBinCounts(uid: string, window: TimeWindow) {
    const { database, observations } = this.#parts;
    const { live, archived } = await this.#whole("Psi", daysOf(window), {
      live: () => database.observations.psiBinCounts(uid, window),
      archived: (days) => observations.windowBins({ ...ofWindow("Psi", uid, window), days }),
    });
    if (archived.length === 0) return live;
    const all = new Map([...live].map(([series, bins]) => [series, new Map(bins)]));
    for (const { series, binId, count } of archived) {
      const bins = all.get(series) ?? new Map<number, number>();
      bins.set(binId, (bins.get(binId) ?? 0) + count);
      all.set(series, bins);
    }
    return all;
  }

  async psiBinCountsOf(windows: readonly ProfileWindow[]) {
    const counts = [];
    for (const { uid, ...window } of windows) counts.push(await this.psiBinCounts(uid, window));
    return counts;
  }

  async customTallies(uid: string, window: TimeWindow): Promise<ReadonlyMap<string, ValueTally>> {
    const { database, observations } = this.#parts;
    const { live, archived } = await this.#whole("Custom", daysOf(window), {
      live: () => database.observations.customTallies(uid, window),
      archived: (days) => observations.windowSums({ ...ofWindow("Custom", uid, window), days }),
    });
    const all = new Map(live);
    for (const { series, sum, count } of archived) {
      const other = all.get(series) ?? { sum: 0, count: 0 };
      all.set(series, { sum: other.sum + sum, count: other.count + count });
    }
    return all;
  }

  async agentTallies(uid: string, window: TimeWindow): Promise<AgentTallies> {
    const { database, evaluations } = this.#parts;
    const { live, moved: parts } = await readWhole(
      () => database.evaluationDays.archived(daysOfEnds(window)),
      () => database.observations.agentTallies(uid, window),
    );
    if (parts.length === 0) return live;
    const query = { parts, profileUid: uid, ...received(window) };
    const [rates, tasks] = await Promise.all([
      evaluations.passRates(query),
      evaluations.taskTallies(query),
    ]);
    const byTask = new Map<string, PassTally>(live.byTask);
    for (const { taskId, counts } of tasks) {
      const ran = counts.passed + counts.failed + counts.errored;
      if (ran === 0) continue;
      const other = byTask.get(taskId) ?? { passed: 0, total: 0 };
      byTask.set(taskId, { passed: other.passed + counts.passed, total: other.total + ran });
    }
    return {
      passRates: {
        sum: live.passRates.sum + rates.sum,
        count: live.passRates.count + rates.count,
      },
      tasks: {
        passed: live.tasks.passed + rates.passedTasks,
        total: live.tasks.total + rates.totalTasks,
      },
      byTask: new Map([...byTask].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    };
  }

  async spcPoints(request: SpcPointsRequest): Promise<SpcPointList> {
    const { database, observations } = this.#parts;
    const { profileUid, feature, limit } = request;
    const { live, archived } = await this.#whole("Spc", daysOf(request), {
      live: () => database.driftBoard.spcPoints(request),
      archived: (days) =>
        observations.windowValues({ ...ofWindow("Spc", profileUid, request), days }),
    });
    const found = archived
      .filter(({ series, value }) => series === feature && Number.isFinite(value))
      .map(({ at, value }) => ({ at, value }));
    const points = [...found, ...live.points].toSorted((a, b) => (a.at < b.at ? -1 : 1));
    return { points: points.slice(-limit), total: live.total + found.length };
  }

  async #whole<Live, Row>(
    kind: ObservationKind,
    within: DayRange,
    read: {
      readonly live: () => Promise<Live>;
      readonly archived: (days: readonly string[]) => Promise<readonly Row[]>;
    },
  ): Promise<{ readonly live: Live; readonly archived: readonly Row[] }> {
    const { observationDays } = this.#parts.database;
    const { live, moved: days } = await readWhole(
      () => observationDays.archived(kind, within),
      read.live,
    );
    return { live, archived: days.length === 0 ? [] : await read.archived(days) };
  }
}

/** startMs < t <= endMs, as the archive asks for it. */
function received({ startMs, endMs }: TimeWindow): Omit<Archived, "days"> {
  return { beginMs: startMs + MICROSECOND, endMs: endMs + MICROSECOND };
}

function ofWindow(kind: ObservationKind, profileUid: string, window: TimeWindow) {
  return { kind, profileUid, ...received(window) };
}

/** Days of receipt: the archive's own. */
function daysOf({ startMs, endMs }: TimeWindow): DayRange {
  return { first: dayOf(startMs), last: dayOf(endMs) };
}

/** A record ends on the day on which its results are stored, or later when it is discarded after all. */
function daysOfEnds({ startMs }: TimeWindow): DayRange {
  return { first: dayOf(startMs), last: "9999-12-31" };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function bySeries(values: readonly ArchivedValue[]): Values {
  const groups = Map.groupBy(values, ({ series }) => series);
  return new Map([...groups].map(([series, of]) => [series, of.map(({ value }) => value)]));
}

/** Of each series what was received first, then the rest. */
function joined(earlier: Values, later: Values): Values {
  const names = [...new Set([...earlier.keys(), ...later.keys()])].sort();
  return new Map(
    names.map((name) => [name, [...(earlier.get(name) ?? []), ...(later.get(name) ?? [])]]),
  );
}
