import type { BinLimit, PsiFeature, PsiProfile } from "@scouter/contracts";
import { aggregateBatch } from "./aggregate-batch.ts";
import type { BatchMaker, QueuedItem } from "./batch-maker.ts";

/** Rows whose counts one message holds, at most; the reference's clients send as many. */
const ROWS = 1_000;
/** What the map of a categorical feature calls the code of all other categories. */
const OTHER_CATEGORIES = "missing";

/**
 * Distributions: how many values of each feature fell into each bin, since the last message. Every bin of a feature that
 * had a value is sent, zero counts too.
 */
export function psiBatchMaker(entityUid: string, profile: PsiProfile): BatchMaker {
  const watched = profile.config.alert_config.features_to_monitor;
  const all = Object.values(profile.features);
  const chosen = watched.length === 0 ? all : all.filter(({ id }) => watched.includes(id));
  const binsOf = chosen.map((feature) => ({ feature, binOf: binFinder(feature, profile) }));
  return {
    takes: "features",
    batchSize: ROWS,
    make(items, maxBytes) {
      const counts = binsOf.map(({ feature, binOf }) => new BinCounts(feature, binOf));
      let lastMs = 0;
      const add = ({ item }: QueuedItem) => {
        if (item.kind !== "features") return false;
        let found = false;
        for (const count of counts) found = count.add(item.values[count.name]) || found;
        lastMs = Math.max(lastMs, item.createdAtMs);
        return found;
      };
      const records = () => counts.flatMap((count) => count.records(entityUid, lastMs));
      return aggregateBatch(items, { add, records }, maxBytes);
    },
  };
}

type Value = number | string | boolean | null | undefined;
type BinFinder = (value: Value) => number | undefined;

class BinCounts {
  readonly #feature: PsiFeature;
  readonly #binOf: BinFinder;
  readonly #counts: Map<number, number>;
  #rows = 0;

  constructor(feature: PsiFeature, binOf: BinFinder) {
    this.#feature = feature;
    this.#binOf = binOf;
    this.#counts = new Map(feature.bins.map(({ id }) => [id, 0]));
  }

  get name(): string {
    return this.#feature.id;
  }

  add(value: Value): boolean {
    const bin = this.#binOf(value);
    const count = bin === undefined ? undefined : this.#counts.get(bin);
    if (bin === undefined || count === undefined) return false;
    this.#counts.set(bin, count + 1);
    this.#rows += 1;
    return true;
  }

  records(uid: string, createdAtMs: number): readonly string[] {
    if (this.#rows === 0) return [];
    const created_at = new Date(createdAtMs).toISOString();
    return [...this.#counts].map(([bin_id, bin_count]) =>
      JSON.stringify({
        Psi: { created_at, uid, feature: this.#feature.id, bin_id, bin_count, entity_id: 0 },
      }),
    );
  }
}

/** A numeric bin holds lower < value <= upper; a category's bin is the code that the profile's map gives it. */
function binFinder(feature: PsiFeature, profile: PsiProfile): BinFinder {
  if (feature.bin_type === "Category") return categoryFinder(feature.id, profile);
  const bins = feature.bins
    .map(({ id, lower_limit, upper_limit }) => ({
      id,
      lower: limitOf(lower_limit, -Infinity),
      upper: limitOf(upper_limit, Infinity),
    }))
    .toSorted((left, right) => left.upper - right.upper);
  return (value) => {
    if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
    const found = bins[firstReaching(bins, value)];
    return found !== undefined && value > found.lower ? found.id : undefined;
  };
}

/** Position of the first bin whose upper limit is not below the value, by halves. */
function firstReaching(bins: readonly { readonly upper: number }[], value: number): number {
  let low = 0;
  let high = bins.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bins[middle]?.upper ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function limitOf(limit: BinLimit, none: number): number {
  if (limit === null) return none;
  if (typeof limit === "number") return limit;
  if (/^\+?inf$/.test(limit)) return Infinity;
  return limit === "-inf" ? -Infinity : Number(limit);
}

function categoryFinder(name: string, { config }: PsiProfile): BinFinder {
  const codes = config.feature_map?.features[name] ?? {};
  const other = Object.hasOwn(codes, OTHER_CATEGORIES) ? codes[OTHER_CATEGORIES] : undefined;
  return (value) => {
    if (value === null || value === undefined) return undefined;
    const text = String(value);
    return Object.hasOwn(codes, text) ? codes[text] : other;
  };
}
