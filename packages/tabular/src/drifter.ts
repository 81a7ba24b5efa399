import { randomUUID } from "node:crypto";
import {
  type Clock,
  type CustomProfile,
  type PsiProfile,
  type SpcProfile,
  systemClock,
} from "@scouter/contracts";
import {
  createCustomProfile,
  type CreateCustomProfileInput,
  type CustomMetric,
  type PsiCheck,
  type PsiDriftMap,
  type PsiProfileSettings,
  type SpcCheck,
  type SpcDriftMap,
  type SpcProfileSettings,
} from "@scouter/drift";
import {
  generateAlerts,
  type SpcAlertRule,
  type SpcFeatureAlerts,
} from "./drift/generate-alerts.ts";
import { errors } from "./errors.ts";
import type { TableInput } from "./source/open-table.ts";
import { type OnNote, runJob, type TableRunOptions } from "./table-runner.ts";

/** Stands in every profile that is made here. */
export const LIBRARY_VERSION = "0.1.0";

/** A uid, a time stamp and a version of the library are made when they are not given. */
type Made = "uid" | "timestamp" | "scouterVersion";
type Config<Settings> = Omit<Settings, Made> & { readonly uid?: string };

export type SpcProfileConfig = { readonly kind: "spc" } & Config<SpcProfileSettings>;
export type PsiProfileConfig = { readonly kind: "psi" } & Config<PsiProfileSettings>;
export type CustomProfileConfig = { readonly kind: "custom" } & Config<
  Omit<CreateCustomProfileInput, "metrics">
>;
export type DriftProfileConfig = SpcProfileConfig | PsiProfileConfig | CustomProfileConfig;

export interface DrifterOptions {
  /** Default: the system's. */
  readonly clock?: Pick<Clock, "now">;
  /** Makes the uid of a profile whose config has none; a server gives it another. Default: a random UUID. */
  readonly newUid?: () => string;
  /** Called with everything that was not done as asked: values left out, bins merged, columns not read. */
  readonly onNote?: OnNote;
}

/**
 * Drift profiles of tables, and the drift of tables from profiles, without a server. Tables may be in memory or files of
 * any size (CSV, Parquet, Arrow); files are read in a thread, in bounded memory.
 */
export class Drifter {
  readonly #clock: Pick<Clock, "now">;
  readonly #newUid: () => string;
  readonly #onNote: OnNote;

  constructor(options: DrifterOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#newUid = options.newUid ?? randomUUID;
    this.#onNote = options.onNote ?? (() => undefined);
  }

  /**
   * A profile of the config's kind; control charts (`spc`) without a config. `custom` takes metrics with their baselines
   * in place of a table.
   *
   * @throws what the table's kind of source does (TABULAR_...), and what making the profile does (DRIFT_...)
   */
  createDriftProfile(
    table: TableInput,
    config?: SpcProfileConfig,
    run?: TableRunOptions,
  ): Promise<SpcProfile>;
  createDriftProfile(
    table: TableInput,
    config: PsiProfileConfig,
    run?: TableRunOptions,
  ): Promise<PsiProfile>;
  createDriftProfile(
    metrics: CustomMetric | readonly CustomMetric[],
    config: CustomProfileConfig,
  ): Promise<CustomProfile>;
  async createDriftProfile(
    from: TableInput | CustomMetric | readonly CustomMetric[],
    config: DriftProfileConfig = { kind: "spc" },
    options: TableRunOptions = {},
  ): Promise<SpcProfile | PsiProfile | CustomProfile> {
    const made = {
      uid: config.uid ?? this.#newUid(),
      timestamp: new Date(this.#clock.now()).toISOString(),
      scouterVersion: LIBRARY_VERSION,
    };
    const { kind, ...settings } = config;
    if (kind === "custom") {
      const metrics = (Array.isArray(from) ? from : [from]) as readonly CustomMetric[];
      return createCustomProfile({ ...settings, ...made, metrics });
    }
    const table = from as TableInput;
    const onNote = this.#onNote;
    const input = { ...settings, ...made };
    const given = { input, options, onNote };
    const { profile, notes } = await (kind === "psi"
      ? runJob(table, "psi-profile", given)
      : runJob(table, "spc-profile", given));
    for (const { feature, message } of notes) onNote({ column: feature, message });
    return profile;
  }

  /**
   * How far a table is from a profile: the stability index of every feature (PSI), or the points of every control chart
   * with their zone codes (SPC). Every column must be in the profile, not the other way round.
   *
   * @throws DRIFT_FEATURE_UNKNOWN, TABULAR_PROFILE_KIND, and what the table's kind of source does (TABULAR_...)
   */
  computeDrift(
    table: TableInput,
    profile: PsiProfile,
    options?: TableRunOptions,
  ): Promise<PsiDriftMap>;
  computeDrift(
    table: TableInput,
    profile: SpcProfile,
    options?: TableRunOptions,
  ): Promise<SpcDriftMap>;
  async computeDrift(
    table: TableInput,
    profile: PsiProfile | SpcProfile,
    options: TableRunOptions = {},
  ): Promise<PsiDriftMap | SpcDriftMap> {
    return (await this.#drift(table, profile, options)).map;
  }

  /** As a server would judge a window that holds the table: with thresholds, sizes and corrections. Throws as `computeDrift`. */
  checkDrift(table: TableInput, profile: PsiProfile, options?: TableRunOptions): Promise<PsiCheck>;
  checkDrift(table: TableInput, profile: SpcProfile, options?: TableRunOptions): Promise<SpcCheck>;
  async checkDrift(
    table: TableInput,
    profile: PsiProfile | SpcProfile,
    options: TableRunOptions = {},
  ): Promise<PsiCheck | SpcCheck> {
    return (await this.#drift(table, profile, options)).check;
  }

  /**
   * What the rule of a control chart finds: `codes` has a row for each point in the order of time, and in it one zone
   * code for each feature.
   *
   * @throws DRIFT_RULE_INVALID, TABULAR_INPUT_INVALID
   */
  generateAlerts(
    codes: readonly (readonly number[])[],
    features: readonly string[],
    rule: SpcAlertRule,
  ): SpcFeatureAlerts {
    return generateAlerts(codes, features, rule);
  }

  #drift(table: TableInput, profile: PsiProfile | SpcProfile, options: TableRunOptions) {
    const given = { options, onNote: this.#onNote };
    if (isSpc(profile)) return runJob(table, "spc-drift", { input: profile, ...given });
    if (isPsi(profile)) return runJob(table, "psi-drift", { input: profile, ...given });
    throw errors.TABULAR_PROFILE_KIND({ given: kindOf(profile) });
  }
}

function kindOf({ config }: { readonly config: { readonly drift_type?: string | undefined } }) {
  return config.drift_type ?? "one without 'config.drift_type'";
}

function isSpc(profile: PsiProfile | SpcProfile): profile is SpcProfile {
  const { drift_type: kind } = profile.config;
  return kind === undefined ? "sample_size" in profile.config : kind.toLowerCase() === "spc";
}

function isPsi(profile: PsiProfile | SpcProfile): profile is PsiProfile {
  const { drift_type: kind } = profile.config;
  return kind === undefined ? "binning_strategy" in profile.config : kind.toLowerCase() === "psi";
}
