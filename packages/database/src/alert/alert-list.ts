import type {
  AlertMap,
  AlertStatus,
  DriftFeatureResult,
  DriftType,
  Json,
  ProfileReference,
} from "@scouter/contracts";
import type { Period } from "../session/period.ts";
import type { SpaceScope } from "../session/space-scope.ts";
import type { OutboxStatus } from "./alert-outbox-repository.ts";

/** Alerts that were open at some time of the period. */
export interface AlertListRequest extends Period {
  readonly spaces: SpaceScope;
  /** 1..1000. */
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly status?: AlertStatus | undefined;
  readonly kind?: DriftType | undefined;
  readonly profileUid?: string | undefined;
}

export interface AlertList {
  readonly items: readonly AlertEntry[];
  readonly nextCursor: string | null;
}

export interface AlertEntry {
  readonly id: number;
  readonly profile: ProfileReference;
  readonly feature: string;
  readonly alert: AlertMap;
  readonly status: AlertStatus;
  /** RFC 3339. */
  readonly openedAt: string;
  /** When somebody marked it as seen; null when nobody did, or that is not known. */
  readonly acknowledgedAt: string | null;
  readonly resolvedAt: string | null;
  /** Windows in which it alerted. */
  readonly windows: number;
  readonly firstWindowEnd: string;
  readonly lastWindowEnd: string;
  readonly firstWindowId: number | null;
  readonly lastWindowId: number | null;
  /** What the last of its windows found of the feature; null when that is not known. */
  readonly lastResult: DriftFeatureResult | null;
  /** Where the profile sends its alerts, as it says it. */
  readonly dispatch: Json;
}

/** A message that told of an alert. */
export interface AlertMessage {
  readonly status: OutboxStatus;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly dueAt: string | null;
  readonly lastError: string | null;
  /** Oldest first. */
  readonly deliveries: readonly {
    readonly at: string;
    readonly channel: string;
    readonly outcome: "delivered" | "failed";
    readonly detail: string | null;
  }[];
}
