import type {
  BinPoint,
  ChartPoint,
  ChartRange,
  Database,
  ObservationKind,
} from "@scouter/database";
import { chartGrid, MOST_CHARTED } from "@scouter/database";
import type { ArchiveQuery, ObservationArchive } from "@scouter/lake";
import { mergedBins, mergedValues } from "./merge-points.ts";
import { readWhole } from "./read-whole.ts";

export interface ObservedChartParts {
  readonly database: Pick<Database, "observations" | "observationDays">;
  readonly archive: Pick<ObservationArchive, "valueChart" | "binChart">;
}

/**
 * Charts of observations from the database and the archive as if they were one: buckets of one width, each row counted
 * once, whichever side of the border it is on.
 */
export class ObservedCharts {
  readonly #parts: ObservedChartParts;

  constructor(parts: ObservedChartParts) {
    this.#parts = parts;
  }

  async spc(uid: string, range: ChartRange): Promise<readonly ChartPoint[]> {
    const { observations } = this.#parts.database;
    const { live, archived } = await this.#whole("Spc", uid, range, {
      live: () => observations.spcChart(uid, range),
      archived: (query) => this.#parts.archive.valueChart(query),
    });
    return mergedValues(live, archived);
  }

  async custom(uid: string, range: ChartRange): Promise<readonly ChartPoint[]> {
    const { observations } = this.#parts.database;
    const { live, archived } = await this.#whole("Custom", uid, range, {
      live: () => observations.customChart(uid, range),
      archived: (query) => this.#parts.archive.valueChart(query),
    });
    return mergedValues(live, archived);
  }

  async psi(uid: string, range: ChartRange): Promise<readonly BinPoint[]> {
    const { observations } = this.#parts.database;
    const { live, archived } = await this.#whole("Psi", uid, range, {
      live: () => observations.psiChart(uid, range),
      archived: (query) => this.#parts.archive.binChart(query),
    });
    return mergedBins(live, archived);
  }

  async #whole<Live, Archived>(
    kind: ObservationKind,
    uid: string,
    range: ChartRange,
    read: {
      readonly live: () => Promise<readonly Live[]>;
      readonly archived: (query: ArchiveQuery) => Promise<readonly Archived[]>;
    },
  ): Promise<{ readonly live: readonly Live[]; readonly archived: readonly Archived[] }> {
    const { observationDays } = this.#parts.database;
    const { live, moved: days } = await readWhole(() => observationDays.archived(kind), read.live);
    if (days.length === 0) return { live, archived: [] };
    const { beginMs, endMs } = range;
    const query = { kind, days, profileUid: uid, beginMs, endMs, mostCharted: MOST_CHARTED };
    return { live, archived: await read.archived({ ...query, ...chartGrid(range) }) };
  }
}
