import type { Clock } from "@scouter/contracts";
import type { AddFile, RemoveFile } from "./action/action.ts";
import type { CommitRequest, DataAction } from "./commit/commit-request.ts";
import type { DeltaTableOptions, TableDefinition } from "./delta-table.ts";
import type { ObjectStore } from "./object-store/object-store.ts";
import { nullable, required, structOf } from "./schema/schema.ts";

/** The time of the tests. */
export const NOW = Date.UTC(2025, 0, 31, 12);

/** A clock whose pauses end at once and are kept for inspection. */
export class InstantClock implements Clock {
  readonly pausesMs: number[] = [];
  readonly #startedAt: number;
  #now: number;

  constructor(now = NOW) {
    this.#startedAt = now;
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonicMs(): number {
    return this.#now - this.#startedAt;
  }

  pass(ms: number): void {
    this.#now += ms;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.pausesMs.push(ms);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export const definition: TableDefinition = {
  schema: structOf([required("id", "long"), nullable("day", "date")]),
  partitionColumns: ["day"],
};

/** Ids are made from `name` and a counter, so that tests and golden files see the same ones. */
export function tableOptions(
  store: ObjectStore,
  name = "writer",
  more: Partial<DeltaTableOptions> = {},
): DeltaTableOptions {
  let count = 0;
  return {
    store,
    path: "tables/events",
    clock: new InstantClock(),
    random: () => 0.5,
    newId: () => `${name}-${++count}`,
    ...more,
  };
}

export function addOf(path: string, more: Partial<AddFile> = {}): { add: AddFile } {
  return {
    add: {
      path,
      partitionValues: { day: "2025-01-31" },
      size: 100,
      modificationTime: NOW,
      dataChange: true,
      ...more,
    },
  };
}

export function removeOf(path: string, more: Partial<RemoveFile> = {}): { remove: RemoveFile } {
  return { remove: { path, deletionTimestamp: 2, dataChange: false, ...more } };
}

export function commitOf(
  actions: readonly DataAction[],
  more: Partial<CommitRequest> = {},
): CommitRequest {
  return { actions, operation: "WRITE", ...more };
}

export function logKey(version: number): string {
  return `tables/events/_delta_log/${String(version).padStart(20, "0")}.json`;
}
