import type { EvalRecordStatus, TaskOutcome } from "@scouter/contracts";

/** Which records of a profile are shown; as the API takes it. */
export interface RecordFilter {
  readonly task?: string;
  /** Of the task when one is given, else of the record as a whole. */
  readonly outcome?: TaskOutcome;
  readonly status?: EvalRecordStatus;
}

export const outcomes: readonly TaskOutcome[] = ["passed", "failed", "errored", "skipped"];
export const recordStatuses: readonly EvalRecordStatus[] = [
  "Pending",
  "Processing",
  "Processed",
  "Failed",
];

interface AddressPart {
  readonly [name: string]: string | undefined;
}

/** Reads the address; what is no known outcome or status counts as not given. */
export function recordFilterOf({ task, outcome, status }: AddressPart): RecordFilter {
  const knownOutcome = outcomes.find((one) => one === outcome);
  const knownStatus = recordStatuses.find((one) => one === status);
  return {
    ...(task === undefined || task === "" ? {} : { task }),
    ...(knownOutcome === undefined ? {} : { outcome: knownOutcome }),
    ...(knownStatus === undefined ? {} : { status: knownStatus }),
  };
}
