import type { AlertMap, JsonObject } from "@scouter/contracts";

/**
 * Alerts that no profile configures: the server watches itself. A *rule* says which profiles are amiss now; an alert opens
 * when a profile becomes so, and ends when it is not any more.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`):
 * - Of a rule and a profile at most one alert is open, whoever looks: of two that open it at once one is refused.
 * - Alert and message are stored together, so that what is open was told or will be.
 * - Only active profiles are amiss.
 */
export interface BuiltInAlertRepository {
  /** Windows that were given up in the last `withinMs`; most windows first, at most 1000 profiles, as for all rules. */
  failedWindows(withinMs: number): Promise<readonly AmissProfile[]>;
  /** Windows that were left out in the last `withinMs`: they came due while no server ran. */
  missedWindows(withinMs: number): Promise<readonly AmissProfile[]>;
  /** Messages of profiles' own alerts that were given up in the last `withinMs`. */
  undeliveredAlerts(withinMs: number): Promise<readonly AmissProfile[]>;
  /** Records that were given up and neither run again nor discarded, whenever that was. */
  deadRecords(): Promise<readonly AmissProfile[]>;
  /** Profiles whose schedule cannot be read: they have no windows. */
  unreadableSchedules(): Promise<readonly AmissProfile[]>;
  /** Profiles whose last `windows` windows, from 1, held nothing, although an earlier one did. */
  silentProfiles(windows: number): Promise<readonly AmissProfile[]>;

  open(): Promise<readonly OpenBuiltInAlert[]>;
  /** Resolves with the number of alerts that opened and ended. */
  settle(changes: readonly BuiltInAlertChange[]): Promise<number>;
}

export interface AmissProfile {
  readonly uid: string;
  readonly space: string;
  readonly name: string;
  readonly version: string;
  readonly driftType: "Spc" | "Psi" | "Custom" | "Agent";
  /** How many of what the rule looks for; from 1. */
  readonly count: number;
  /** The newest reason, where there is one. */
  readonly error: string | null;
}

export interface OpenBuiltInAlert {
  readonly rule: string;
  readonly profile: Omit<AmissProfile, "count" | "error">;
  /** Milliseconds since the Unix epoch, as in the change that opened it. */
  readonly openedAtMs: number;
}

export interface BuiltInAlertChange {
  readonly action: "opened" | "resolved";
  readonly rule: string;
  readonly profileUid: string;
  /** When it opened, in whole milliseconds: also of one that ends. */
  readonly openedAtMs: number;
  readonly alert: AlertMap;
  /** What is to be told; none when nobody is to be told of the end. */
  readonly message?: { readonly dedupKey: string; readonly message: JsonObject } | undefined;
}
