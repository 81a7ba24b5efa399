import type { PartitionValues } from "./action.ts";

/** A column's value in a partition. Instants are microseconds since the Unix epoch, in UTC. */
export type PartitionValue =
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "integer"; readonly value: number | bigint }
  | { readonly type: "boolean"; readonly value: boolean }
  /** Days since 1970-01-01. */
  | { readonly type: "date"; readonly value: number }
  | { readonly type: "timestamp"; readonly value: bigint };

const MS_PER_DAY = 86_400_000;
/** What Hive-style folders call null and the empty string. */
const NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__";

/** The text form in `partitionValues`. Null stays null, and so does the empty string: the format cannot tell them apart. */
export function partitionText(value: PartitionValue | null): string | null {
  if (value === null) return null;
  switch (value.type) {
    case "string":
      return value.value === "" ? null : value.value;
    case "integer":
    case "boolean":
      return String(value.value);
    case "date":
      return dateText(value.value);
    case "timestamp":
      return timestampText(value.value);
    default:
      return value satisfies never;
  }
}

function dateText(days: number): string {
  return new Date(days * MS_PER_DAY).toISOString().slice(0, 10);
}

/** `YYYY-MM-DD hh:mm:ss.uuuuuu` in UTC. */
function timestampText(microseconds: bigint): string {
  const micros = ((microseconds % 1000n) + 1000n) % 1000n;
  const iso = new Date(Number((microseconds - micros) / 1000n)).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}${String(micros).padStart(3, "0")}`;
}

/**
 * Folder of a partition, such as `partition_date=2025-01-31`, or "" without partition columns. Readers take the values
 * from the log, so the folder is a convenience for people and for tools that read the files alone.
 */
export function partitionFolder(columns: readonly string[], values: PartitionValues): string {
  return columns
    .map((column) => `${folderName(column)}=${folderName(values[column] || NULL_FOLDER)}`)
    .join("/");
}

/** Escapes what file systems and Hive treat specially, as `%XX`. */
function folderName(text: string): string {
  return text.replace(
    // oxlint-disable-next-line no-control-regex -- control characters are what has to be escaped
    /[\u0000-\u001f"#%'*/:=?\\{[\]^\u007f]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
