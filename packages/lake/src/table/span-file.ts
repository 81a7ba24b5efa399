import { join } from "node:path";
import { decodeStatistics, type AddFile } from "@scouter/delta";

/** A data file, with what is known of it without opening it. */
export interface SpanFile {
  /** Absolute. */
  readonly path: string;
  /** 0 when not known. */
  readonly records: number;
  /** Earliest and latest start of its spans, nanoseconds, both included; undefined when not known. */
  readonly minStartNano: bigint | undefined;
  readonly maxStartNano: bigint | undefined;
  /** As the table's log names it. */
  readonly add: AddFile;
}

/** What its log says a file holds. */
export type SpanFileBounds = Pick<SpanFile, "records" | "minStartNano" | "maxStartNano">;

/** Snapshots share what they have in common, so each file's statistics are read once. */
const spanFiles = new WeakMap<AddFile, SpanFile>();

/** `folder` is where the table's files lie for the engine. */
export function spanFileOf(folder: string, file: AddFile): SpanFile {
  let made = spanFiles.get(file);
  if (made === undefined) {
    const statistics = decodeStatistics(file.stats);
    made = {
      path: join(folder, file.path),
      records: statistics?.numRecords ?? 0,
      minStartNano: nanoOf(statistics?.minValues?.["start_time_unix_nano"]),
      maxStartNano: nanoOf(statistics?.maxValues?.["start_time_unix_nano"]),
      add: file,
    };
    spanFiles.set(file, made);
  }
  return made;
}

/** A number beyond 2^53 that is no bigint has lost digits: then the bound is not known. */
function nanoOf(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  return Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
}
