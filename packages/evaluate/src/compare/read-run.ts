import { RUN_DOCUMENT_VERSION, runDocument, type RunDocument } from "@scouter/contracts";
import { errors } from "../errors.ts";

/** How many problems a message lists. */
const SHOWN_PROBLEMS = 10;

/**
 * A saved run from its parsed JSON; older versions are brought up to the current one.
 *
 * @param source where it came from, for messages
 * @throws EVALUATE_RUN_INVALID, EVALUATE_RUN_VERSION
 */
export function readRun(json: unknown, source: string): RunDocument {
  const version = versionOf(json);
  if (typeof version === "number" && version > RUN_DOCUMENT_VERSION) {
    throw errors.EVALUATE_RUN_VERSION({ source, version, newest: RUN_DOCUMENT_VERSION });
  }
  const read = runDocument.safeParse(json);
  if (read.success) return read.data;
  const problems = read.error.issues
    .slice(0, SHOWN_PROBLEMS)
    .map(({ path, message }) => `${path.length === 0 ? "document" : path.join(".")}: ${message}`);
  throw errors.EVALUATE_RUN_INVALID({ source, problems: problems.join("; ") });
}

function versionOf(json: unknown): unknown {
  return typeof json === "object" && json !== null && "version" in json ? json.version : undefined;
}
