import type { FeatureMap, PsiProfile, SpcProfile } from "@scouter/contracts";
import {
  assemblePsiProfile,
  assembleSpcProfile,
  type BaselineBins,
  type BinningNote,
  categoryBaseline,
  codesOf,
  type ColumnBatch,
  columnAsNumbers,
  ControlBaseline,
  type ControlLimits,
  numericBaseline,
  PsiBaseline,
  type PsiProfileSettings,
  sampleSizeOf,
  type SpcProfileSettings,
  TEN_QUANTILES,
} from "@scouter/drift";
import { selectColumns } from "../source/select-columns.ts";
import type { TableSource } from "../source/table-source.ts";
import { fitsByColumn, wholeColumn } from "../source/whole-column.ts";

export interface CreatedProfile<Profile> {
  readonly profile: Profile;
  /** What was not done as asked. */
  readonly notes: readonly BinningNote[];
}

/**
 * A PSI profile of a table of any size. Where columns can be read one by one and fit in memory, edges are exact
 * quantiles; else those of a sketch, and a second pass counts. Throws what the pure parts and the source do.
 */
export async function createPsiProfileOf(
  source: TableSource,
  settings: PsiProfileSettings,
): Promise<CreatedProfile<PsiProfile>> {
  const { binning = TEN_QUANTILES, categoricalFeatures = [] } = settings;
  selectColumns(source.columns, categoricalFeatures);
  if (fitsByColumn(source)) {
    const baselines = new Map<string, BaselineBins>();
    const features: Record<string, FeatureMap["features"][string]> = {};
    for (const column of source.columns) {
      const { name } = column;
      const { codes, values } = asNumbers(name, await wholeColumn(source, column));
      if (codes !== undefined) features[name] = codes;
      const isCategory = codes !== undefined || categoricalFeatures.includes(name);
      const baseline = isCategory
        ? categoryBaseline(name, values)
        : numericBaseline(name, values, binning);
      baselines.set(name, baseline);
    }
    return assemblePsiProfile(settings, { baselines, featureMap: { features } });
  }
  const names = source.columns.map(({ name }) => name);
  const baseline = new PsiBaseline({ binning, categoricalFeatures });
  for await (const batch of source.batches(names)) baseline.add(batch);
  const counted = source.columns.filter(
    ({ name, kind }) => kind === "number" && !categoricalFeatures.includes(name),
  );
  if (counted.length > 0) {
    for await (const batch of source.batches(counted.map(({ name }) => name))) {
      baseline.addAgain(batch);
    }
  }
  return assemblePsiProfile(settings, baseline.finish());
}

/** Control charts of a table of any size, its rows in the order in which they came about. */
export async function createSpcProfileOf(
  source: TableSource,
  settings: SpcProfileSettings,
): Promise<CreatedProfile<SpcProfile>> {
  const size = sampleSizeOf(settings);
  const featureMap = await categoriesOf(source);
  const names = source.columns.map(({ name }) => name);
  const baselines = new Map(names.map((name) => [name, new ControlBaseline(size)]));
  for await (const batch of source.batches(names)) {
    for (const [name, column] of batch) {
      baselines.get(name)?.add(columnAsNumbers(featureMap, name, column.values));
    }
  }
  const limits = [...baselines].map(([name, baseline]): [string, ControlLimits] => [
    name,
    baseline.limits(name, settings.limitsOf),
  ]);
  return {
    profile: assembleSpcProfile(settings, { limits: new Map(limits), featureMap }),
    notes: [],
  };
}

function asNumbers(name: string, column: ColumnBatch) {
  if (column.kind === "number") return { codes: undefined, values: column.values };
  const codes = codesOf(new Set(column.values.filter((text) => text !== null)));
  return { codes, values: columnAsNumbers({ features: { [name]: codes } }, name, column.values) };
}

/** Numbers of the categories of every text column; they are known when all rows are. */
async function categoriesOf(source: TableSource): Promise<FeatureMap> {
  const texts = source.columns.filter(({ kind }) => kind === "text");
  if (texts.length === 0) return { features: {} };
  const distinct = new Map(texts.map(({ name }) => [name, new Set<string>()]));
  for await (const batch of source.batches([...distinct.keys()])) {
    for (const [name, column] of batch) {
      if (column.kind !== "text") continue;
      const known = distinct.get(name);
      for (const text of column.values) if (text !== null) known?.add(text);
    }
  }
  const features = [...distinct].map(([name, texts]) => [name, codesOf(texts)] as const);
  return { features: Object.fromEntries(features) };
}
