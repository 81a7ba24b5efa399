import { errors } from "../errors.ts";
import type { TableState } from "../snapshot/replay.ts";
import type { CommitRequest } from "./commit-request.ts";

/**
 * Throws `DELTA_COMMIT_TOO_OLD` for files, or a plan, older than the limit. Vacuum deletes files that no commit names
 * after many times this age; as no writer commits one older than the limit, it never deletes a file that is about to
 * be committed. A file that the table has already may be of any age.
 */
export function checkAge(
  request: CommitRequest,
  state: TableState,
  now: number,
  limitMs: number,
): void {
  const check = (what: string, since: number) => {
    const ageMs = now - since;
    if (ageMs > limitMs) throw errors.DELTA_COMMIT_TOO_OLD({ what, ageMs, limitMs });
  };
  if (request.plannedAt !== undefined) check("the plan of the commit", request.plannedAt);
  for (const action of request.actions) {
    if ("add" in action && state.files.get(action.add.path) === undefined) {
      check(`file '${action.add.path}'`, action.add.modificationTime);
    }
  }
}
