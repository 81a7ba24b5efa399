import { quarantineDocument } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { QuarantineEntry } from "./compare-options.ts";

const SHOWN_PROBLEMS = 10;

/**
 * A quarantine file from its parsed JSON: `{"quarantine": [{"scenario", "owner", "expires": "YYYY-MM-DD"}]}`. Every entry
 * needs somebody who looks after it and a day on which it ends; a scenario is there once.
 *
 * @param source where it came from, for messages
 * @throws EVALUATE_QUARANTINE_INVALID
 */
export function readQuarantine(json: unknown, source: string): readonly QuarantineEntry[] {
  const read = quarantineDocument.safeParse(json);
  if (!read.success) {
    const problems = read.error.issues
      .slice(0, SHOWN_PROBLEMS)
      .map(({ path, message }) => `${path.length === 0 ? "document" : path.join(".")}: ${message}`);
    throw errors.EVALUATE_QUARANTINE_INVALID({ source, problems: problems.join("; ") });
  }
  const entries = read.data.quarantine;
  const twice = entries.find(
    (own, index) => entries.findIndex(({ scenario }) => scenario === own.scenario) < index,
  );
  if (twice !== undefined) {
    const problems = `scenario '${twice.scenario}' is there twice`;
    throw errors.EVALUATE_QUARANTINE_INVALID({ source, problems });
  }
  return entries;
}
