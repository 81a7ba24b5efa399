import type {
  Clock,
  DriftAlert,
  DriftFeatureResult,
  DriftWindow,
  DriftWindowPage,
} from "@scouter/contracts";
import type { ModelDemoReport } from "@scouter/example-temperature-model";
import type { ScouterClient } from "@scouter/sdk";
import { errors } from "../errors.ts";

const PAGE_SIZE = 1000;
const POLL_INTERVAL_MS = 250;

/** The profiles of the model demo, by what they watch. */
export const WATCHES = ["psi", "spc", "custom"] as const;
export type Watch = (typeof WATCHES)[number];

type DriftReader = Pick<ScouterClient, "driftWindows" | "alerts">;

/** What the server holds of one profile of the run. */
export interface StoredWatch {
  /** Windows with a result, oldest first. */
  readonly windows: readonly DriftWindow[];
  /** Oldest first. */
  readonly alerts: readonly DriftAlert[];
}

export type StoredDrift = Readonly<Record<Watch, StoredWatch>>;

/**
 * Waits until windows with a result hold everything that the demo sent, however many windows it fell into, then reads
 * them and their alerts. Windows of the time after it, which are empty, do no harm.
 *
 * @throws CLI_DRIFT_TIMED_OUT
 */
export async function waitForDrift(
  client: DriftReader,
  report: ModelDemoReport,
  options: { readonly clock: Clock; readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<StoredDrift> {
  const { clock, signal, timeoutMs } = options;
  const endMs = clock.monotonicMs() + timeoutMs;
  for (;;) {
    const windows = await forEachWatch((watch) => doneWindows(client, uidOf(report, watch)));
    const waiting = WATCHES.filter((watch) => !holdsAll(report, watch, windows[watch]));
    if (waiting.length === 0) {
      return forEachWatch(async (watch) => ({
        windows: windows[watch],
        alerts: await allAlerts(client, uidOf(report, watch)),
      }));
    }
    if (clock.monotonicMs() > endMs) {
      const profiles = waiting.map((watch) => uidOf(report, watch));
      throw errors.CLI_DRIFT_TIMED_OUT({ profiles, seconds: timeoutMs / 1000 });
    }
    await clock.sleep(POLL_INTERVAL_MS, signal);
  }
}

export function uidOf(report: ModelDemoReport, watch: Watch): string {
  return report.profiles[watch].uid;
}

/** What each feature should have been observed: requests by their distribution, means of them by the others. */
export function expectedCount(report: ModelDemoReport, watch: Watch): number {
  return watch === "psi" ? report.requests : report.samples;
}

/** Observations over all windows, by feature; also those of windows that had too few to say something. */
export function observedCounts(windows: readonly DriftWindow[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const feature of windows.flatMap(({ result }) => result?.features ?? [])) {
    counts.set(feature.name, (counts.get(feature.name) ?? 0) + observedCount(feature));
  }
  return counts;
}

/** Each kind of profile has its own word for it. */
function observedCount({ rows, points, count, have }: DriftFeatureResult): number {
  const found = [rows, points, count, have].find((value) => typeof value === "number");
  return found ?? 0;
}

function holdsAll(report: ModelDemoReport, watch: Watch, windows: readonly DriftWindow[]): boolean {
  const counts = observedCounts(windows);
  const names = watch === "psi" ? report.features : [...counts.keys()];
  const expected = expectedCount(report, watch);
  return names.length > 0 && names.every((name) => (counts.get(name) ?? 0) >= expected);
}

async function doneWindows(client: DriftReader, uid: string): Promise<readonly DriftWindow[]> {
  const windows: DriftWindow[] = [];
  let cursor: string | null = null;
  do {
    const request = { uid, status: "done", limit: PAGE_SIZE } as const;
    const page: DriftWindowPage = await client.driftWindows(
      cursor === null ? request : { ...request, cursor },
    );
    windows.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return windows.toReversed();
}

/** A run has as many as it has features and control zones: far fewer than a page. */
async function allAlerts(client: DriftReader, uid: string): Promise<readonly DriftAlert[]> {
  return (await client.alerts({ uid, limit: PAGE_SIZE })).items.toReversed();
}

async function forEachWatch<Value>(
  read: (watch: Watch) => Promise<Value>,
): Promise<Readonly<Record<Watch, Value>>> {
  const [psi, spc, custom] = await Promise.all([read("psi"), read("spc"), read("custom")]);
  return { psi, spc, custom };
}
