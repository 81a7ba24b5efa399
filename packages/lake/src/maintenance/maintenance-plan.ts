import type { SpanFile } from "../table/span-file.ts";
import { dateOfDay } from "../table/partition-day.ts";
import { PARTITION_COLUMN } from "../table/trace-spans.ts";
import type { MaintenanceSettings } from "./maintenance-settings.ts";
import { planSort } from "./sort-plan.ts";

/** One commit of maintenance. `files` are all in `partition`. */
export interface MaintenanceJob {
  /** `merge`: small files into one; `sort`: files into ones that follow each other; `expire`: removed. */
  readonly kind: "merge" | "sort" | "expire";
  /** `2026-03-01`. */
  readonly partition: string;
  readonly files: readonly SpanFile[];
}

/** Of files that somebody else put there: nobody can say how old they are. */
const NO_DAY = "";
const DAY_MS = 86_400_000;

/**
 * What is to be done, most urgent first: expired partitions, then small files of the newest partitions, since those
 * are read most, then sorting. Pure: the same snapshot gives the same plan.
 *
 * Every job makes the plan smaller, so that doing the first one and planning anew comes to an end.
 */
export function planMaintenance(
  files: readonly SpanFile[],
  settings: MaintenanceSettings,
  nowMs: number,
): readonly MaintenanceJob[] {
  const partitions = [...Map.groupBy(files, partitionOf)].toSorted(([a], [b]) => (a < b ? 1 : -1));
  const expire: MaintenanceJob[] = [];
  const merge: MaintenanceJob[] = [];
  const sort: MaintenanceJob[] = [];
  const firstKept = firstKeptPartition(settings, nowMs);
  for (const [partition, inPartition] of partitions) {
    if (partition === NO_DAY) continue;
    if (partition < firstKept) {
      expire.push({ kind: "expire", partition, files: inPartition });
      continue;
    }
    const merged = planMerge(inPartition, settings);
    if (merged.length > 0) merge.push({ kind: "merge", partition, files: merged });
    const sorted = planSort(inPartition, settings, nowMs);
    if (sorted.length > 0) sort.push({ kind: "sort", partition, files: sorted });
  }
  return [...expire, ...merge, ...sort];
}

function partitionOf(file: SpanFile): string {
  return file.add.partitionValues[PARTITION_COLUMN] ?? NO_DAY;
}

/** Dates in this form are ordered as texts are. */
function firstKeptPartition({ retentionDays }: MaintenanceSettings, nowMs: number): string {
  return retentionDays === 0 ? "" : dateOfDay(Math.floor(nowMs / DAY_MS) - retentionDays);
}

/**
 * The small files to merge, when there are too many; none otherwise.
 *
 * The smallest ones, up to one that is larger than all before it together: a row is then written again only when what
 * it lies in has grown by a good part, about once for each power of sixteen, and not with every handful of new files.
 */
function planMerge(
  files: readonly SpanFile[],
  { mergeFiles, targetBytes }: MaintenanceSettings,
): readonly SpanFile[] {
  const small = files
    .filter(({ add }) => add.size < targetBytes / 2)
    .toSorted((a, b) => a.add.size - b.add.size);
  if (small.length < mergeFiles) return [];
  const taken: SpanFile[] = [];
  let bytes = 0;
  for (const file of small) {
    const { size } = file.add;
    if (bytes + size > targetBytes && taken.length >= 2) break;
    if (size > bytes && taken.length >= Math.max(2, mergeFiles / 2)) break;
    taken.push(file);
    bytes += size;
  }
  return taken;
}
