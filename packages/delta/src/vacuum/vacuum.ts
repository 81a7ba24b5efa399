import type { ObjectStore } from "../object-store/object-store.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

export interface VacuumPlan {
  /** Keys of the store. */
  readonly keys: readonly string[];
  readonly sizeBytes: number;
}

export interface VacuumScope {
  readonly store: ObjectStore;
  /** The table's folder; "" is the store's root. */
  readonly table: string;
  readonly snapshot: Snapshot;
  /** What was removed, or left behind by a writer, before this goes. Milliseconds since the epoch. */
  readonly olderThan: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The files that nothing needs: not in the table, removed from it before the horizon or never named by a commit, and
 * written before the horizon. A file that a writer has not committed yet is younger than the age at which commits are
 * refused, and so never among them.
 */
export async function planVacuum(scope: VacuumScope): Promise<VacuumPlan> {
  const { store, table, snapshot, olderThan, signal } = scope;
  const prefix = table === "" ? "" : `${table}/`;
  const removedAt = new Map(
    snapshot.tombstones().map(({ path, deletionTimestamp }) => [path, deletionTimestamp]),
  );
  const keys: string[] = [];
  let sizeBytes = 0;
  for await (const head of store.list(prefix, signal ? { signal } : {})) {
    const path = head.key.slice(prefix.length);
    const isNeeded =
      isHidden(path, snapshot.metadata.partitionColumns) ||
      snapshot.file(path) !== undefined ||
      (removedAt.get(path) ?? 0) >= olderThan ||
      head.modifiedAt >= olderThan;
    if (isNeeded) continue;
    keys.push(head.key);
    sizeBytes += head.sizeBytes;
  }
  return { keys, sizeBytes };
}

/** The log and what other tools keep beside the data: names that begin with `_` or `.`, partition folders aside. */
function isHidden(path: string, partitionColumns: readonly string[]): boolean {
  return path.split("/").some((segment, index) => {
    if (!/^[_.]/.test(segment)) return false;
    const column = partitionColumns[index];
    return column === undefined || !segment.startsWith(`${column}=`);
  });
}

/** Requests under way at a time. */
const PARALLEL = 16;

export async function runVacuum(
  store: ObjectStore,
  { keys }: VacuumPlan,
  signal?: AbortSignal,
): Promise<void> {
  // One that is slow holds up no other.
  const left = keys.values();
  const failures: unknown[] = [];
  const work = async () => {
    for (const key of left) {
      if (failures.length > 0) return;
      signal?.throwIfAborted();
      await store.delete(key);
    }
  };
  const workers = Array.from({ length: PARALLEL }, () =>
    work().catch((error: unknown) => void failures.push(error)),
  );
  await Promise.all(workers);
  if (failures.length > 0) throw failures[0];
}
