import type { SchemaElement } from "hyparquet";

/** Columns of a checkpoint: one struct for each kind of action, of which a row fills one. */
export const CHECKPOINT_COLUMNS = ["txn", "add", "remove", "metaData", "protocol"] as const;

export type CheckpointColumn = (typeof CHECKPOINT_COLUMNS)[number];

/** The Parquet schema of a single-file checkpoint, as the Delta protocol lists it for tables without features. */
export const checkpointSchema: readonly SchemaElement[] = [
  { name: "root", num_children: CHECKPOINT_COLUMNS.length },
  ...struct("txn", [text("appId"), long("version"), long("lastUpdated")]),
  ...struct("add", [
    text("path"),
    map("partitionValues"),
    long("size"),
    long("modificationTime"),
    flag("dataChange"),
    text("stats"),
    map("tags"),
  ]),
  ...struct("remove", [
    text("path"),
    long("deletionTimestamp"),
    flag("dataChange"),
    flag("extendedFileMetadata"),
    map("partitionValues"),
    long("size"),
    map("tags"),
  ]),
  ...struct("metaData", [
    text("id"),
    text("name"),
    text("description"),
    struct("format", [text("provider"), map("options")]),
    text("schemaString"),
    texts("partitionColumns"),
    map("configuration"),
    long("createdTime"),
  ]),
  ...struct("protocol", [integer("minReaderVersion"), integer("minWriterVersion")]),
];

/** A field is the elements of its tree, parents first. */
type Field = readonly SchemaElement[];

function struct(name: string, fields: readonly Field[]): Field {
  return [{ name, repetition_type: "OPTIONAL", num_children: fields.length }, ...fields.flat()];
}

function text(name: string, repetition_type: "OPTIONAL" | "REQUIRED" = "OPTIONAL"): Field {
  return [
    {
      name,
      type: "BYTE_ARRAY",
      converted_type: "UTF8",
      logical_type: { type: "STRING" },
      repetition_type,
    },
  ];
}

function long(name: string): Field {
  return [{ name, type: "INT64", repetition_type: "OPTIONAL" }];
}

function integer(name: string): Field {
  return [{ name, type: "INT32", repetition_type: "OPTIONAL" }];
}

function flag(name: string): Field {
  return [{ name, type: "BOOLEAN", repetition_type: "OPTIONAL" }];
}

function map(name: string): Field {
  return [
    {
      name,
      repetition_type: "OPTIONAL",
      num_children: 1,
      converted_type: "MAP",
      logical_type: { type: "MAP" },
    },
    { name: "key_value", repetition_type: "REPEATED", num_children: 2 },
    ...text("key", "REQUIRED"),
    ...text("value"),
  ];
}

function texts(name: string): Field {
  return [
    {
      name,
      repetition_type: "OPTIONAL",
      num_children: 1,
      converted_type: "LIST",
      logical_type: { type: "LIST" },
    },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    ...text("element"),
  ];
}
