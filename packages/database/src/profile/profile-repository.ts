import type { DriftType, JsonObject, ProfileSummary, VersionRequest } from "@scouter/contracts";

/**
 * Profiles and their identity. One row per (space, name, version, drift type); its uid (UUIDv7) never changes.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`):
 * - `register` resolves the version and stores the profile in one transaction. Registrations of the same
 *   (space, name, drift type), also from other processes, get distinct versions; a taken version is never overwritten:
 *   the next free one is used.
 * - Profiles are kept as given, key order included, but for `config.uid` and `config.version`, which are the
 *   server's.
 * - An unknown uid or version is `undefined`, never an error.
 * - A version request outside the grammar rejects with kind `invalid`.
 */
export interface ProfileRepository {
  register(registration: ProfileRegistration): Promise<RegisteredProfile>;
  /** Replaces the body of a profile; uid and version stay. `undefined` when the uid is unknown. */
  replace(uid: string, profile: JsonObject): Promise<RegisteredProfile | undefined>;
  get(key: ProfileKey): Promise<RegisteredProfile | undefined>;
  /** Any letter case of the uid is accepted. */
  byUid(uid: string): Promise<RegisteredProfile | undefined>;
  /** All drift types of one version, ordered by drift type. */
  listVersions(space: string, name: string, version: string): Promise<readonly RegisteredProfile[]>;
  /** Newest first. */
  list(page: ProfileListRequest): Promise<ProfileList>;
  /** Resolves with the number of profiles the key matched (before siblings were deactivated). */
  setStatus(change: ProfileStatusChange): Promise<number>;
}

export interface ProfileKey {
  readonly space: string;
  readonly name: string;
  /** Exact text, as registered. */
  readonly version: string;
  readonly driftType: DriftType;
}

export interface ProfileRegistration {
  readonly space: string;
  readonly name: string;
  readonly driftType: DriftType;
  /** The profile's JSON; must hold an object `config`. */
  readonly profile: JsonObject;
  readonly versionRequest: VersionRequest;
  readonly active: boolean;
  /** With `active`: every other version of this space, name and drift type becomes inactive. */
  readonly deactivateOthers: boolean;
}

export interface RegisteredProfile extends ProfileKey {
  /** UUIDv7, lower case. */
  readonly uid: string;
  readonly active: boolean;
  /** RFC 3339, UTC, microseconds. */
  readonly createdAt: string;
  readonly profile: JsonObject;
}

export interface ProfileListRequest {
  /** 1..1000. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

export interface ProfileList {
  readonly items: readonly ProfileSummary[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

export interface ProfileStatusChange {
  readonly space: string;
  readonly name: string;
  readonly version: string;
  /** All drift types of the version when absent. */
  readonly driftType?: DriftType | undefined;
  readonly active: boolean;
  /** Every other version of the same space, name (and drift type, if given) becomes inactive, whatever `active` is. */
  readonly deactivateOthers: boolean;
}
