import { open, type FileHandle } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { hullOf, type StartRange } from "../reader/start-range.ts";
import { sqlText } from "../reader/sql-text.ts";
import { type BloomFilter, type BloomKey, mayHold, parseBloomFilter } from "./bloom-filter.ts";

/** What a lookup by trace id needs to know of one row group of a file. */
export interface RowGroup {
  /** Of its trace ids; undefined when the file has none that can be read: then it may hold any. */
  readonly filter: BloomFilter | undefined;
  /** Starts of its spans; undefined when not known. */
  readonly starts: StartRange | undefined;
}

/** Reads it from the ends of files: some kilobytes for each row group, and no column. By path. */
export async function readRowGroups(
  connection: DuckDBConnection,
  paths: readonly string[],
): Promise<ReadonlyMap<string, readonly RowGroup[]>> {
  const reader = await connection.runAndReadAll(`
    SELECT file_name,
      any_value(bloom_filter_offset) FILTER (path_in_schema = 'trace_id'),
      any_value(bloom_filter_length) FILTER (path_in_schema = 'trace_id'),
      any_value(stats_min_value) FILTER (path_in_schema = 'start_time_unix_nano'),
      any_value(stats_max_value) FILTER (path_in_schema = 'start_time_unix_nano')
    FROM parquet_metadata([${paths.map(sqlText).join(", ")}])
    GROUP BY file_name, row_group_id ORDER BY file_name, row_group_id`);
  const rowsOf = Map.groupBy(reader.getRows() as GroupRow[], ([path]) => path);
  const groupsOf = new Map<string, readonly RowGroup[]>();
  for (const [path, rows] of rowsOf) groupsOf.set(path, await readFilters(path, rows));
  return groupsOf;
}

type GroupRow = [string, bigint | null, bigint | null, string | null, string | null];

async function readFilters(path: string, rows: readonly GroupRow[]): Promise<readonly RowGroup[]> {
  const file = await open(path);
  try {
    const groups: RowGroup[] = [];
    for (const [, offset, length, first, last] of rows) {
      const filter = await readFilter(file, offset, length);
      groups.push({ filter, starts: startsOf(first, last) });
    }
    return groups;
  } finally {
    await file.close();
  }
}

async function readFilter(
  file: FileHandle,
  offset: bigint | null,
  length: bigint | null,
): Promise<BloomFilter | undefined> {
  if (offset === null || length === null) return undefined;
  const { buffer, bytesRead } = await file.read({
    buffer: new Uint8Array(Number(length)),
    position: Number(offset),
  });
  return parseBloomFilter(buffer.subarray(0, bytesRead));
}

function startsOf(first: string | null, last: string | null): StartRange | undefined {
  if (first === null || last === null) return undefined;
  return { fromNano: BigInt(first), toNano: BigInt(last) + 1n };
}

/** Which part of a file may hold some traces. */
export interface GroupsOfTraces {
  readonly count: number;
  /** A range of starts for each of them, for those that follow each other one; undefined when not all are known. */
  readonly starts: readonly StartRange[] | undefined;
}

/** The row groups that may hold a span with one of these keys. */
export function groupsOfTraces(
  groups: readonly RowGroup[],
  keys: readonly BloomKey[],
): GroupsOfTraces {
  const ranges: StartRange[] = [];
  let count = 0;
  let isKnown = true;
  let isBehindLast = false;
  for (const { filter, starts } of groups) {
    const isCandidate = filter === undefined || keys.some((key) => mayHold(filter, key));
    if (isCandidate) {
      count += 1;
      const last = ranges.at(-1);
      if (starts === undefined) isKnown = false;
      else if (isBehindLast && last !== undefined) ranges[ranges.length - 1] = hullOf(last, starts);
      else ranges.push(starts);
    }
    isBehindLast = isCandidate;
  }
  return { count, starts: isKnown ? ranges : undefined };
}
