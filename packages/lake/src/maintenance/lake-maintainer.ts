import { summaryTableDefinition } from "../table/span-delta.ts";
import {
  type MaintenanceRun,
  type MaintenanceStep,
  TableMaintainer,
  type TableMaintainerOptions,
} from "./table-maintainer.ts";

const SUMMARIES = "summaries/";

/** What a partition of the summaries is called beside those of the spans. */
export function summaryWork(partition: string): string {
  return `${SUMMARIES}${partition}`;
}

/** Maintenance of all tables: the spans first, since most is read of them. */
export class LakeMaintainer {
  readonly #spans: TableMaintainer;
  readonly #summaries: TableMaintainer;

  private constructor(spans: TableMaintainer, summaries: TableMaintainer) {
    this.#spans = spans;
    this.#summaries = summaries;
  }

  static async open(options: TableMaintainerOptions): Promise<LakeMaintainer> {
    const spans = await TableMaintainer.open(options);
    return new LakeMaintainer(spans, await TableMaintainer.open(options, summaryTableDefinition));
  }

  async next(epoch: number, skip: readonly string[]): Promise<MaintenanceStep> {
    const step = await this.#spans.next(epoch, skip);
    if (step.outcome !== "nothing") return step;
    const skipped = skip
      .filter((name) => name.startsWith(SUMMARIES))
      .map((name) => name.slice(SUMMARIES.length));
    const second = await this.#summaries.next(epoch, skipped);
    return second.outcome === "failed"
      ? { ...second, partition: summaryWork(second.partition) }
      : second;
  }

  /** Of all tables together. */
  async vacuum(options: { readonly dryRun?: boolean } = {}): Promise<MaintenanceRun> {
    const spans = await this.#spans.vacuum(options);
    const summaries = await this.#summaries.vacuum(options);
    return {
      ...spans,
      table: "all",
      filesBefore: spans.filesBefore + summaries.filesBefore,
      bytesBefore: spans.bytesBefore + summaries.bytesBefore,
      tookMs: spans.tookMs + summaries.tookMs,
    };
  }
}
