import type { DriftFeatureResult } from "@scouter/contracts";
import { foundText } from "../output/alert-text.ts";
import { isMeasured } from "../output/measured.ts";
import { type StoredDrift, type StoredWatch, type Watch, WATCHES } from "./stored-drift.ts";

/** What each profile of the demo looks at. */
export const WATCH_WORDS: Readonly<Record<Watch, string>> = {
  psi: "distribution",
  spc: "control chart",
  custom: "metric",
};

/** A feature, or the model's error, with the profile that watches it: several may watch the same feature. */
export interface WatchedFeature {
  readonly by: Watch;
  readonly name: string;
}

export interface FiredAlert extends WatchedFeature {
  /** What it found, in a few words. */
  readonly found: string;
}

/** What a run of the model demo came to, told from the stored windows and alerts. */
export interface DriftFigures {
  /** In the newest window of their profile that measured something. */
  readonly drifted: readonly WatchedFeature[];
  readonly stable: readonly WatchedFeature[];
  /** Oldest first. */
  readonly alerts: readonly FiredAlert[];
}

export function driftFigures(stored: StoredDrift): DriftFigures {
  const features = (status: DriftFeatureResult["status"]) =>
    WATCHES.flatMap((by) =>
      newestMeasured(stored[by])
        .filter((feature) => feature.status === status)
        .map(({ name }) => ({ by, name })),
    );
  return {
    drifted: features("alert"),
    stable: features("ok"),
    alerts: WATCHES.flatMap((by) =>
      stored[by].alerts.map(({ entity_name: name, alert }) => ({
        by,
        name,
        found: foundText(alert),
      })),
    ),
  };
}

function newestMeasured({ windows }: StoredWatch): readonly DriftFeatureResult[] {
  const measured = windows.findLast(({ result }) => result?.features.some(isMeasured) === true);
  return measured?.result?.features ?? [];
}
