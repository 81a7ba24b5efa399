import type { PsiProfile } from "@scouter/contracts";
import type { BinPoint } from "@scouter/database";
import { populationStabilityIndex } from "@scouter/drift";

/** One feature over time, newest first, and over the whole range: its index, and the share of each bin. */
export interface PsiFeatureChart {
  readonly created_at: readonly string[];
  readonly psi: readonly number[];
  /** Rows behind each index. */
  readonly counts: readonly number[];
  readonly overall_psi: number;
  readonly bins: Readonly<Record<string, number>>;
}

/** Points below this many rows are noise: they are added to the point after them. */
const LEAST_ROWS = 100;

type BinCounts = Map<number, number>;

interface Point {
  readonly bucket: string;
  readonly counts: BinCounts;
}

/**
 * The index of each feature of the profile. What lies in none of its bins (unseen categories) is left out, as are
 * features of former profiles. Adjacent points are merged until one has more than 100 rows; what is left over at the end
 * joins the last point.
 */
export function psiCharts(
  profile: Pick<PsiProfile, "features">,
  points: readonly BinPoint[],
): Readonly<Record<string, PsiFeatureChart>> {
  const charts: [string, PsiFeatureChart][] = [];
  for (const [name, ofFeature] of Map.groupBy(points, (point) => point.series)) {
    const feature = Object.hasOwn(profile.features, name) ? profile.features[name] : undefined;
    if (feature === undefined) continue;
    const ids = new Set(feature.bins.map(({ id }) => id));
    const expected = feature.bins.map(({ proportion }) => proportion);
    const indexOf = (counts: BinCounts) =>
      populationStabilityIndex(expected, shares(counts, [...ids]));
    const merged = mergedPoints(ofFeature.filter(({ binId }) => ids.has(binId)));
    if (merged.length === 0) continue;
    const all = merged.reduce((sum, { counts }) => added(sum, counts), new Map<number, number>());
    const newestFirst = merged.toReversed();
    charts.push([
      name,
      {
        created_at: newestFirst.map(({ bucket }) => bucket),
        psi: newestFirst.map(({ counts }) => indexOf(counts)),
        counts: newestFirst.map(({ counts }) => total(counts)),
        overall_psi: indexOf(all),
        bins: Object.fromEntries(
          shares(all, [...ids]).map((share, i) => [String([...ids][i]), share]),
        ),
      },
    ]);
  }
  return Object.fromEntries(charts);
}

/** From points in ascending order. */
function mergedPoints(points: readonly BinPoint[]): readonly Point[] {
  const merged: Point[] = [];
  let open: Point | undefined;
  for (const [bucket, bins] of Map.groupBy(points, (point) => point.bucket)) {
    const counts = new Map(bins.map(({ binId, count }) => [binId, count]));
    open = { bucket: open?.bucket ?? bucket, counts: added(open?.counts ?? new Map(), counts) };
    if (total(open.counts) <= LEAST_ROWS) continue;
    merged.push(open);
    open = undefined;
  }
  if (open === undefined || total(open.counts) === 0) return merged;
  const last = merged.pop();
  if (last === undefined) return [open];
  return [...merged, { bucket: last.bucket, counts: added(last.counts, open.counts) }];
}

function added(left: BinCounts, right: BinCounts): BinCounts {
  const sum = new Map(left);
  for (const [id, count] of right) sum.set(id, (sum.get(id) ?? 0) + count);
  return sum;
}

function total(counts: BinCounts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function shares(counts: BinCounts, ids: readonly number[]): readonly number[] {
  const rows = total(counts);
  return ids.map((id) => (rows === 0 ? 0 : (counts.get(id) ?? 0) / rows));
}
