import type { Action } from "../action/action.ts";
import { errors } from "../errors.ts";
import type { Commit, TableState } from "../snapshot/replay.ts";
import type { CommitRequest } from "./commit-request.ts";
import { TransactionConflict } from "./transaction-conflict.ts";

/**
 * Refuses a commit that must not go on top of `state`: its transaction is done already, or a file it removes is gone.
 */
export function checkAgainstState(request: CommitRequest, state: TableState): void {
  const { txn } = request;
  const newest = txn && state.transactions.get(txn.appId)?.version;
  if (txn && newest !== undefined && txn.version <= newest) {
    throw new TransactionConflict(txn.appId, txn.version, newest);
  }
  for (const path of removedPaths(request.actions)) {
    if (state.files.get(path) === undefined) {
      throw errors.DELTA_CONFLICT_REMOVED({ version: state.version, path });
    }
  }
}

/**
 * Refuses a commit that was planned before `newer` and cannot follow it. `state` includes `newer`.
 *
 * - A change of metadata or protocol invalidates whatever was planned under the old one.
 * - A commit of the same application means another writer acts for it, or an earlier attempt of ours got through: how
 *   much of our data is in the table is only known after reading the mark again, so no blind retry.
 * - A file that we remove must not have been removed meanwhile, even if it was added again.
 * - Added files never conflict: their names are unique and appends commute.
 */
export function checkAgainstNewer(request: CommitRequest, newer: Commit, state: TableState): void {
  const removed = new Set(removedPaths(request.actions));
  const { version } = newer;
  for (const action of newer.actions) {
    if ("metaData" in action) throw errors.DELTA_CONFLICT_METADATA({ version, action: "metadata" });
    if ("protocol" in action) throw errors.DELTA_CONFLICT_METADATA({ version, action: "protocol" });
    if ("remove" in action && removed.has(action.remove.path)) {
      throw errors.DELTA_CONFLICT_REMOVED({ version, path: action.remove.path });
    }
    if ("txn" in action && action.txn.appId === request.txn?.appId) {
      const newest = state.transactions.get(action.txn.appId)?.version ?? action.txn.version;
      throw new TransactionConflict(action.txn.appId, request.txn.version, newest);
    }
  }
}

function removedPaths(actions: readonly Action[]): readonly string[] {
  return actions.flatMap((action) => ("remove" in action ? [action.remove.path] : []));
}
