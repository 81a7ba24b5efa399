import type { HeldFiles } from "../cache/file-cache.ts";
import type { StartRange } from "../reader/start-range.ts";
import type { SpanFile } from "../table/span-file.ts";
import { bloomKeyOf } from "./bloom-filter.ts";
import { type RowGroup, groupsOfTraces } from "./row-groups.ts";

/** A file that may hold spans of the traces that were asked for. */
export interface TracePlace {
  readonly file: SpanFile;
  /** Between which starts they lie in it, one range at least; undefined when not known. */
  readonly starts: readonly StartRange[] | undefined;
  /** How many of its row groups may hold them; undefined when not known. */
  readonly rowGroups: number | undefined;
}

export interface TraceIndexOptions {
  /** Keeps files where they say they are until released; `ready` before they are read. */
  readonly hold: (files: readonly SpanFile[]) => HeldFiles;
  /** What is to be known of files, by path. */
  readonly read: (paths: readonly string[]) => Promise<ReadonlyMap<string, readonly RowGroup[]>>;
  /** How many spans the files may have together of which something is kept; a filter takes a byte for five spans. */
  readonly capacitySpans: number;
}

/** Files that are read together. */
const FILES_PER_READ = 32;

/**
 * Which files and which of their row groups may hold a trace, answered from memory. The engine by itself opens every file
 * of the table for a trace, and reads and asks the filter of each row group.
 *
 * A file's filters are read when it is first asked and kept while it is part of the table. That goes for the newest files,
 * as many as the capacity allows; of the others nothing is kept, and each may hold every trace.
 */
export class TraceIndex {
  readonly #options: TraceIndexOptions;
  /** Snapshots share what they say of a file: the last that has it takes it along. */
  readonly #kept = new WeakMap<SpanFile, Promise<readonly RowGroup[]>>();

  constructor(options: TraceIndexOptions) {
    this.#options = options;
  }

  /** No file is left out that holds a span of one of the traces, and no start of one. */
  async placesOf(
    traceIds: readonly string[],
    files: readonly SpanFile[],
  ): Promise<readonly TracePlace[]> {
    const { known, others } = this.#divided(files);
    const keys = traceIds.map(bloomKeyOf);
    const places: TracePlace[] = others.map((file) => ({
      file,
      starts: undefined,
      rowGroups: undefined,
    }));
    for (const [file, groups] of await this.#groupsOf(known)) {
      const { count, starts } = groupsOfTraces(groups, keys);
      if (count > 0) places.push({ file, starts, rowGroups: count });
    }
    return places;
  }

  /** Newest first, as many as the capacity allows. */
  #divided(files: readonly SpanFile[]) {
    let spans = 0;
    for (const { records } of files) spans += records;
    if (spans <= this.#options.capacitySpans) return { known: files, others: [] };
    const newestFirst = files.toSorted((a, b) => Number(endOf(b) - endOf(a)));
    const known: SpanFile[] = [];
    const others: SpanFile[] = [];
    spans = 0;
    for (const file of newestFirst) {
      spans += file.records;
      (spans <= this.#options.capacitySpans ? known : others).push(file);
    }
    for (const file of others) this.#kept.delete(file);
    return { known, others };
  }

  /** Reads those of which nothing is kept yet, and waits for what others read. */
  async #groupsOf(
    files: readonly SpanFile[],
  ): Promise<readonly (readonly [SpanFile, readonly RowGroup[]])[]> {
    const isMissing = (file: SpanFile) => !this.#kept.has(file);
    for (let missing = files.filter(isMissing); missing.length > 0;) {
      await this.#keep(missing.slice(0, FILES_PER_READ));
      missing = missing.slice(FILES_PER_READ).filter(isMissing);
    }
    return Promise.all(
      files.map(async (file) => [file, (await this.#kept.get(file)) ?? UNKNOWN] as const),
    );
  }

  async #keep(files: readonly SpanFile[]): Promise<void> {
    const reading = this.#read(files);
    for (const file of files) {
      const groups = reading.then((read) => read.get(file.path) ?? UNKNOWN);
      this.#kept.set(file, groups);
      // The next one who asks tries again.
      groups.catch(() => this.#kept.delete(file));
    }
    await reading;
  }

  /** By a hold of its own: others wait for it who hold nothing. */
  async #read(files: readonly SpanFile[]): Promise<ReadonlyMap<string, readonly RowGroup[]>> {
    const held = this.#options.hold(files);
    try {
      await held.ready();
      return await this.#options.read(files.map(({ path }) => path));
    } finally {
      held.release();
    }
  }
}

/** A file that may hold everything. */
const UNKNOWN: readonly RowGroup[] = [{ filter: undefined, starts: undefined }];

function endOf({ maxStartNano }: SpanFile): bigint {
  return maxStartNano ?? 2n ** 63n;
}
