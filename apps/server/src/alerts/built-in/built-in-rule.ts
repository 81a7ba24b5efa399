import type { AmissProfile, Database } from "@scouter/database";

/** One thing that a server watches of itself. */
export interface BuiltInRule {
  /** Lower-case words joined by hyphens: the name of its alerts, never changed. */
  readonly name: string;
  /** Profiles that are amiss now, with a count of what is; an alert stays open while a profile is among them. */
  readonly amiss: () => Promise<readonly AmissProfile[]>;
  /** For people, a line: what happened and what to do. */
  readonly text: (profile: AmissProfile) => string;
}

const DAY_MS = 86_400_000;
/** Windows in a row without a row: one may be a pause of the app, two are hardly. */
const SILENT_WINDOWS = 2;

/** What every server watches. To add one: a rule here, its row in `docs/alerts.md`. */
export function builtInRules({ builtInAlerts }: Pick<Database, "builtInAlerts">): BuiltInRule[] {
  return [
    {
      name: "dead-letters",
      amiss: () => builtInAlerts.deadRecords(),
      text: ({ uid, count, error }) =>
        `${count} records could not be evaluated${reason(error)}. ` +
        `Run them again with 'scouter eval again ${uid}', or let them go with 'scouter eval discard ${uid}'`,
    },
    {
      name: "failed-windows",
      amiss: () => builtInAlerts.failedWindows(DAY_MS),
      text: ({ uid, count, error }) =>
        `${count} drift windows of the last day were given up${reason(error)}. ` +
        `See 'scouter drift windows --profile ${uid}', then 'scouter drift rerun'`,
    },
    {
      name: "missed-windows",
      amiss: () => builtInAlerts.missedWindows(DAY_MS),
      text: ({ count, error }) =>
        `${count} drift windows came due while no server computed, and were left out${reason(error)}`,
    },
    {
      name: "undelivered-alerts",
      amiss: () => builtInAlerts.undeliveredAlerts(DAY_MS),
      text: ({ count, error }) =>
        `${count} messages of the last day could not be delivered${reason(error)}. ` +
        "Try the channel out with 'scouter alert test'",
    },
    {
      name: "unreadable-schedule",
      amiss: () => builtInAlerts.unreadableSchedules(),
      text: ({ error }) => `The schedule cannot be read, so nothing is checked${reason(error)}`,
    },
    {
      name: "no-data",
      amiss: () => builtInAlerts.silentProfiles(SILENT_WINDOWS),
      text: ({ count }) => `Nothing was received in the last ${count} drift windows`,
    },
  ];
}

function reason(error: string | null): string {
  return error === null ? "" : `: ${error}`;
}
