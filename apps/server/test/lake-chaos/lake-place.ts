import { pathToFileURL } from "node:url";
import { systemClock } from "@scouter/contracts";
import { DeltaTable, type ObjectStore, openObjectStore } from "@scouter/delta";

/** A lake as its processes are told of it. */
export interface LakePlace {
  /** `SCOUTER_STORAGE_URI`: a folder, or a bucket. */
  readonly uri: string;
  /** Endpoints and credentials. */
  readonly environment: Readonly<Record<string, string>>;
}

export const TABLES = ["trace_spans", "trace_summaries"] as const;
export type TableName = (typeof TABLES)[number];

export function storeOf({ uri, environment }: LakePlace, table: TableName): Promise<ObjectStore> {
  const folder = uri.includes("://") ? uri : pathToFileURL(uri).href;
  const options = { clock: systemClock, random: Math.random, environment };
  return openObjectStore(`${folder.replace(/\/+$/, "")}/${table}`, options);
}

export function openTable(store: ObjectStore): Promise<DeltaTable> {
  return DeltaTable.open({
    store,
    path: "",
    clock: systemClock,
    random: Math.random,
    newId: () => crypto.randomUUID(),
  });
}
