import { type DispatchConfig, MISSING_TEXT, MISSING_VERSION } from "@scouter/contracts";
import { CommonCrons } from "../schedule/common-crons.ts";
import { parseSchedule } from "../schedule/schedule.ts";

/** Who a profile belongs to; what is left out gets the wire's placeholders. */
export interface ProfileOwner {
  readonly space?: string;
  readonly name?: string;
  readonly version?: string;
  /** Chosen by the caller: this package makes no random values. */
  readonly uid: string;
}

/** Alert settings that every kind of profile has, in the wire's spelling. */
export interface AlertPolicy {
  /** Default: daily at midnight. */
  readonly schedule?: string;
  /** IANA name; default UTC. */
  readonly time_zone?: string;
  /** Default: the console. */
  readonly dispatch_config?: DispatchConfig;
  /** Default: `all`. */
  readonly catch_up?: "all" | "latest";
  /** Default: 0. */
  readonly cool_down_seconds?: number;
  /** Default: `ignore`. */
  readonly no_data?: "ignore" | "alert";
  /** Default: 1 of 1. */
  readonly persistence?: { readonly hits: number; readonly of: number };
}

export function ownerFields(owner: ProfileOwner) {
  return {
    space: owner.space ?? MISSING_TEXT,
    name: owner.name ?? MISSING_TEXT,
    version: owner.version ?? MISSING_VERSION,
    uid: owner.uid,
  };
}

/** The policy with the defaults of schedule and channel; a schedule that cannot be read throws here, not on a server. */
export function alertPolicyOf(policy: AlertPolicy) {
  const schedule = policy.schedule ?? CommonCrons.EveryDay;
  parseSchedule(schedule, { timeZone: policy.time_zone });
  const { persistence, ...rest } = policy;
  return {
    ...rest,
    ...(persistence === undefined ? {} : { persistence: { ...persistence } }),
    schedule,
    dispatch_config: policy.dispatch_config ?? { Console: { enabled: true } },
  };
}
