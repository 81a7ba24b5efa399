import type { ArchivedPart } from "@scouter/database";
import { errors } from "../errors.ts";

/** Of reads during which rows moved; each move takes their writing, so a second one in a row is no coincidence any more. */
const MOST_ATTEMPTS = 5;

/**
 * What the database holds, with the list of what had moved to the archive when it was read. Rows are in the database until
 * the transaction that names them on the list. The list is read before and after the rows: when it is the same, nothing
 * moved between, and everything is taken from where it is.
 *
 * @throws `SERVER_CHART_MOVED` when something moved during every attempt
 */
export async function readWhole<Moved extends string | ArchivedPart, Live>(
  list: () => Promise<readonly Moved[]>,
  read: () => Promise<Live>,
): Promise<{ readonly live: Live; readonly moved: readonly Moved[] }> {
  let moved = await list();
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const live = await read();
    const after = await list();
    if (isSame(moved, after)) return { live, moved };
    moved = after;
  }
  throw errors.SERVER_CHART_MOVED({ attempts: MOST_ATTEMPTS });
}

/** Both ascending. A day may have moved while an expired one left the list. */
function isSame(
  before: readonly (string | ArchivedPart)[],
  after: readonly (string | ArchivedPart)[],
): boolean {
  if (before.length !== after.length) return false;
  return before.every((moved, index) => nameOf(moved) === nameOf(after[index] ?? ""));
}

function nameOf(moved: string | ArchivedPart): string {
  return typeof moved === "string" ? moved : `${moved.day}/${moved.part}`;
}
