import type { Session } from "../session/session.ts";
import type {
  AgentTallies,
  BinPoint,
  ChartPoint,
  ChartRange,
  Observation,
  ObservationOutcome,
  ObservationRepository,
  ProfileWindow,
  TimeWindow,
  ValueTally,
} from "./observation-repository.ts";
import { binChart, taskChart, valueChart, workflowChart } from "./read-charts.ts";
import {
  agentTallies,
  customTallies,
  lastSpcValues,
  psiBinCounts,
  rowCount,
  spcValues,
} from "./read-windows.ts";
import {
  insertObservations,
  limitTransaction,
  observationBatchText,
  observationOutcomes,
} from "./store-observations.ts";

export class SqlObservationRepository implements ObservationRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async store(batch: readonly Observation[]): Promise<readonly ObservationOutcome[]> {
    if (batch.length === 0) return [];
    const text = observationBatchText(batch);
    const refused = await this.#session.transaction(async (db) => {
      await limitTransaction(db);
      return insertObservations(text, db);
    });
    return observationOutcomes(batch.length, refused);
  }

  spcValues(uid: string, window: TimeWindow): Promise<ReadonlyMap<string, readonly number[]>> {
    return this.#session.run((db) => spcValues(uid, window, db));
  }

  lastSpcValues(
    uid: string,
    atMs: number,
    count: number,
  ): Promise<ReadonlyMap<string, readonly number[]>> {
    return this.#session.run((db) => lastSpcValues({ uid, atMs, count }, db));
  }

  async psiBinCounts(
    uid: string,
    window: TimeWindow,
  ): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
    const [counts = new Map()] = await this.psiBinCountsOf([{ uid, ...window }]);
    return counts;
  }

  psiBinCountsOf(
    windows: readonly ProfileWindow[],
  ): Promise<readonly ReadonlyMap<string, ReadonlyMap<number, number>>[]> {
    return this.#session.run((db) => psiBinCounts(windows, db));
  }

  customTallies(uid: string, window: TimeWindow): Promise<ReadonlyMap<string, ValueTally>> {
    return this.#session.run((db) => customTallies(uid, window, db));
  }

  agentTallies(uid: string, window: TimeWindow): Promise<AgentTallies> {
    return this.#session.run((db) => agentTallies(uid, window, db));
  }

  rowCount(uid: string, window: TimeWindow): Promise<number> {
    return this.#session.run((db) => rowCount(uid, window, db));
  }

  spcChart(uid: string, range: ChartRange): Promise<readonly ChartPoint[]> {
    return this.#session.run((db) => valueChart("spc_observation", { uid, range }, db));
  }

  psiChart(uid: string, range: ChartRange): Promise<readonly BinPoint[]> {
    return this.#session.run((db) => binChart(uid, range, db));
  }

  customChart(uid: string, range: ChartRange): Promise<readonly ChartPoint[]> {
    return this.#session.run((db) => valueChart("custom_observation", { uid, range }, db));
  }

  agentTaskChart(uid: string, range: ChartRange): Promise<readonly ChartPoint[]> {
    return this.#session.run((db) => taskChart(uid, range, db));
  }

  agentWorkflowChart(uid: string, range: ChartRange): Promise<readonly ChartPoint[]> {
    return this.#session.run((db) => workflowChart(uid, range, db));
  }
}
