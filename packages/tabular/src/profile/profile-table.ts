import type { DataProfile } from "@scouter/contracts";
import {
  assembleDataProfile,
  checkBinSize,
  ColumnCorrelations,
  DEFAULT_BIN_SIZE,
  PartialDataProfile,
  profileWholeColumn,
  type WholeColumn,
} from "@scouter/drift";
import { fitsByColumn, wholeColumn } from "../source/whole-column.ts";
import type { TableSource } from "../source/table-source.ts";

export interface ProfileTableOptions {
  /** RFC 3339. */
  readonly timestamp: string;
  /** Bins of a histogram, 1 to 1000; default 20. */
  readonly binSize?: number | undefined;
  /** Default: false. */
  readonly correlations?: boolean | undefined;
}

/**
 * A data profile of a table of any size. Where columns can be read one by one and fit in memory, everything is exact.
 * Else rows are read batch by batch, in memory that does not grow with their number, and quantiles of columns with more
 * than 8,191 values are within `rank_error` ranks; a second pass makes histograms exact and brings correlations.
 */
export async function profileTable(
  source: TableSource,
  options: ProfileTableOptions,
): Promise<DataProfile> {
  const { timestamp, binSize = DEFAULT_BIN_SIZE, correlations = false } = options;
  checkBinSize(binSize);
  if (fitsByColumn(source)) {
    const columns = await wholeColumns(source, binSize);
    const moments = correlations ? await correlate(source, columns) : undefined;
    return assembleDataProfile(columns, { timestamp, correlations: moments });
  }
  const names = source.columns.map(({ name }) => name);
  const profile = new PartialDataProfile();
  for await (const batch of source.batches(names)) profile.add(batch);
  if (correlations || profile.isHistogramEstimated) {
    for await (const batch of source.batches(names)) {
      profile.addAgain(batch, { binSize, correlations });
    }
  }
  return profile.finish({ timestamp, binSize });
}

async function wholeColumns(
  source: TableSource & { readonly rows: number },
  binSize: number,
): Promise<Map<string, WholeColumn>> {
  const columns = new Map<string, WholeColumn>();
  for (const column of source.columns) {
    columns.set(column.name, profileWholeColumn(await wholeColumn(source, column), binSize));
  }
  return columns;
}

async function correlate(source: TableSource, columns: ReadonlyMap<string, WholeColumn>) {
  const moments = new ColumnCorrelations(columns);
  for await (const batch of source.batches(moments.names)) moments.add(batch);
  return moments;
}
