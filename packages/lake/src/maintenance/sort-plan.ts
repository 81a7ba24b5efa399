import type { SpanFile } from "../table/span-file.ts";
import { SORTED_TAG, type MaintenanceSettings } from "./maintenance-settings.ts";

/**
 * New in one job, and as much again of what was sorted, as a multiple of the target; what is more waits for the next job.
 * A commit may not take longer than the age at which the table refuses it, on a slow and busy machine either.
 */
const TARGETS_PER_JOB = 2;

/**
 * The files to sort together; none when there is nothing to do.
 *
 * Only a file that was not sorted before begins a job, once it is old enough, with those like it that follow it in time;
 * sorted ones join when their times overlap with those. So what is in order stays as it is, however often a sort is
 * due, and spans that come late move no more than the files they fall into.
 */
export function planSort(
  files: readonly SpanFile[],
  { sortIntervalMs, targetBytes }: MaintenanceSettings,
  nowMs: number,
): readonly SpanFile[] {
  const due = files
    .filter(({ add }) => !isSorted({ add }) && add.modificationTime <= nowMs - sortIntervalMs)
    .toSorted(byStart);
  const limitBytes = TARGETS_PER_JOB * targetBytes;
  const unsorted = upTo(due, limitBytes);
  if (unsorted.length === 0) return [];
  const sorted = files.filter(isSorted).toSorted(byStart);
  const overlapping = sorted.filter((file) => unsorted.some((other) => overlaps(file, other)));
  const last = sorted.findLast((file) => byStart(file, unsorted[0] as SpanFile) <= 0);
  // The end of what was sorted before is small as a rule: it grows with what follows it.
  const end = last && last.add.size < targetBytes / 2 && !overlapping.includes(last) ? [last] : [];
  const together = [...unsorted, ...upTo([...overlapping, ...end], limitBytes)];
  // A file by itself is in order.
  return together.length > 1 ? together : [];
}

function isSorted({ add }: Pick<SpanFile, "add">): boolean {
  return add.tags?.[SORTED_TAG] !== undefined;
}

function upTo(files: readonly SpanFile[], limitBytes: number): readonly SpanFile[] {
  const taken: SpanFile[] = [];
  let bytes = 0;
  for (const file of files) {
    if (taken.length > 0 && bytes + file.add.size > limitBytes) break;
    taken.push(file);
    bytes += file.add.size;
  }
  return taken;
}

/** A file whose bounds are not known may hold anything. */
function overlaps(a: SpanFile, b: SpanFile): boolean {
  const isBefore = (left: SpanFile, right: SpanFile) =>
    left.maxStartNano !== undefined &&
    right.minStartNano !== undefined &&
    left.maxStartNano < right.minStartNano;
  return !isBefore(a, b) && !isBefore(b, a);
}

function byStart(a: SpanFile, b: SpanFile): number {
  const [left, right] = [a.minStartNano ?? 0n, b.minStartNano ?? 0n];
  if (left !== right) return left < right ? -1 : 1;
  return a.add.path < b.add.path ? -1 : 1;
}
