import type { AlertMap, DriftType, JsonObject } from "@scouter/contracts";
import type { AlertMessageToSend } from "../drift-window/drift-window-repository.ts";

/** What was given up: records of an evaluation, or windows of drift. */
export type DeadLetterSource = "records" | "windows";

/**
 * One open alert for each profile and source that has dead letters: records that were given up and not discarded, windows
 * that failed.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`): several processes may look and tell at the same time; an
 * alert opens once and ends once, with its messages in the same transaction.
 */
export interface DeadLetterAlertRepository {
  /** Where the alert does not say what is so; empty when nothing changed since it was told. At most 1000. */
  changes(): Promise<readonly DeadLetterChange[]>;
  /** Stores a change with what is told of it. False when it was told already, by whomever. */
  tell(change: DeadLetterChange, telling: DeadLetterTelling): Promise<boolean>;
}

export interface DeadLetterChange {
  readonly source: DeadLetterSource;
  /** `ongoing`: there are more or fewer of them than the alert says. */
  readonly action: "opened" | "ongoing" | "resolved";
  readonly profile: {
    readonly uid: string;
    readonly space: string;
    readonly name: string;
    readonly version: string;
    readonly driftType: DriftType;
    readonly profile: JsonObject;
  };
  /** Dead letters now; 0 when resolved. */
  readonly count: number;
  /** What the alert says. */
  readonly told: number;
  /** Of the newest of them. */
  readonly lastError: string | null;
  /** Database clock, milliseconds since 1970. */
  readonly atMs: number;
}

export interface DeadLetterTelling {
  readonly entityName: string;
  readonly alert: AlertMap;
  readonly messages: readonly AlertMessageToSend[];
}
