import type { PsiProfile, SpcProfile } from "@scouter/contracts";
import {
  type BinTally,
  charted,
  checkFeature,
  columnAsNumbers,
  featureBins,
  indexOfCounts,
  type PsiDriftMap,
  type SpcDriftMap,
  SubgroupMeans,
} from "@scouter/drift";
import type { TableSource } from "../source/table-source.ts";

/** Rows of a table by feature and bin, with those of categories that the baseline did not have. */
export interface CountedTable {
  readonly counts: ReadonlyMap<string, CountedFeature>;
}

interface CountedFeature {
  readonly bins: ReturnType<typeof featureBins>;
  /** In the order of the bins' ids. */
  readonly counts: Float64Array;
  /** Rows with a value. */
  rows: number;
}

/** Counts a table of any size into a profile's bins, in one pass. Every column must be in the profile. */
export async function countTable(source: TableSource, profile: PsiProfile): Promise<CountedTable> {
  const available = Object.keys(profile.features).sort();
  const names = source.columns.map(({ name }) => name);
  const counts = new Map<string, CountedFeature>();
  for (const name of names) {
    checkFeature(name, "the table", available);
    const bins = featureBins(name, profile.features[name] as PsiProfile["features"][string]);
    counts.set(name, { bins, counts: new Float64Array(bins.ids.length), rows: 0 });
  }
  const featureMap = profile.config.feature_map;
  for (const pass of passesOf(source)) {
    for await (const batch of source.batches(pass)) {
      for (const [name, column] of batch) {
        const known = counts.get(name);
        if (known === undefined) continue;
        const values = columnAsNumbers(featureMap, name, column.values);
        known.rows += known.bins.count(values, known.counts);
      }
    }
  }
  return { counts };
}

/** The index of every feature, without any threshold; a column without a value is left out. */
export function psiDriftMap({ counts }: CountedTable, profile: PsiProfile): PsiDriftMap {
  const { name, space, version } = profile.config;
  const features: Record<string, number> = {};
  for (const feature of [...counts.keys()].sort()) {
    const counted = counts.get(feature) as CountedFeature;
    if (counted.rows === 0) continue;
    features[feature] = indexOfCounts(counted.bins, counted.counts, counted.rows);
  }
  return { features, name, space, version };
}

/** The same counts as a server gets them in a window; new categories share one id that no bin has. */
export function tallyOfTable({ counts }: CountedTable): BinTally {
  const tallies = [...counts].map(([feature, counted]) => {
    const rows = new Map(counted.bins.ids.map((id, i) => [id, counted.counts[i] as number]));
    const known = counted.counts.reduce((sum, count) => sum + count, 0);
    if (counted.rows > known) rows.set(idOfNone(counted.bins.ids), counted.rows - known);
    return [feature, rows] as const;
  });
  return new Map(tallies);
}

/** Charts a table of any size in subgroups of the profile's size, in one pass. */
export async function chartTable(source: TableSource, profile: SpcProfile): Promise<SpcDriftMap> {
  const available = Object.keys(profile.features).sort();
  const { name, space, version, sample_size: size, feature_map: featureMap } = profile.config;
  const names = source.columns.map(({ name: own }) => own);
  for (const own of names) checkFeature(own, "the table", available);
  const means = new Map(names.map((own) => [own, new SubgroupMeans(size)]));
  for (const pass of passesOf(source)) {
    for await (const batch of source.batches(pass)) {
      for (const [own, column] of batch) {
        means.get(own)?.add(columnAsNumbers(featureMap, own, column.values));
      }
    }
  }
  const features: Record<string, SpcDriftMap["features"][string]> = {};
  for (const own of names.toSorted()) {
    const limits = profile.features[own];
    const points = means.get(own)?.finish();
    if (limits !== undefined && points !== undefined) features[own] = charted(points, limits);
  }
  return { features, name, space, version };
}

/** Column by column where that costs no more: only one is in memory then. */
function passesOf(source: TableSource): readonly (readonly string[])[] {
  const names = source.columns.map(({ name }) => name);
  return source.isColumnwise ? names.map((name) => [name]) : [names];
}

function idOfNone(ids: readonly number[]): number {
  return Math.min(0, ...ids) - 1;
}
