import type { Clock, DriftType, Json, JsonObject } from "@scouter/contracts";
import { sql, type RawBuilder } from "kysely";
import { errors } from "../errors.ts";
import { keepSeries } from "../observation/observed-series.ts";
import { checkedLimit } from "../session/limit.ts";
import type { Executor, Session } from "../session/session.ts";
import { timeText } from "../session/time.ts";
import { storableJsonText } from "../storable/storable-text.ts";
import { uuidV7 } from "../uid/uuid-v7.ts";
import type {
  ProfileKey,
  ProfileList,
  ProfileListRequest,
  ProfileRegistration,
  ProfileRepository,
  ProfileStatusChange,
  RegisteredProfile,
} from "./profile-repository.ts";
import { resolveVersion } from "./resolve-version.ts";

interface IdentityRow {
  readonly id: number;
  readonly uid: string;
  readonly space: string;
  readonly name: string;
  readonly version: string;
  readonly drift_type: DriftType;
  readonly active: boolean;
  readonly created_at: string;
}

interface ProfileRow extends IdentityRow {
  readonly profile: JsonObject;
}

const IDENTITY = sql`id, uid, space, name, version, drift_type, active,
  ${timeText("created_at")} as created_at`;
const COLUMNS = sql`${IDENTITY}, profile`;

export class SqlProfileRepository implements ProfileRepository {
  readonly #session: Session;
  readonly #clock: Clock;

  constructor(session: Session, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
  }

  async register(registration: ProfileRegistration): Promise<RegisteredProfile> {
    const config = readConfig(registration.profile);
    const uid = uuidV7(this.#clock.now());
    return this.#session.transaction(async (db) => {
      await lockVersions(registration, db);
      const version = resolveVersion(
        await existingVersions(registration, db),
        registration.versionRequest,
      );
      const body = { ...registration.profile, config: { ...config, uid, version } };
      if (registration.active && registration.deactivateOthers) {
        await deactivateSiblings({ ...registration, version }, db);
      }
      const registered = await insert({ ...registration, uid, version, profile: body }, db);
      await keepSeries(registered, db);
      return registered;
    });
  }

  async replace(uid: string, profile: JsonObject): Promise<RegisteredProfile | undefined> {
    const config = readConfig(profile);
    return this.#session.transaction(async (db) => {
      const { rows } = await sql<{ uid: string; version: string }>`
        select uid, version from scouter.profile where uid = ${uid.toLowerCase()} for update
      `.execute(db);
      const [found] = rows;
      if (found === undefined) return undefined;
      const body = storableJsonText({ ...profile, config: { ...config, ...found } });
      const replaced = await one(
        sql<ProfileRow>`
          update scouter.profile
          set profile = ${body}::json, updated_at = now(), body_changed_at = now()
          where uid = ${found.uid} returning ${COLUMNS}`,
        db,
      );
      if (replaced !== undefined) await keepSeries(replaced, db);
      return replaced;
    });
  }

  get(key: ProfileKey): Promise<RegisteredProfile | undefined> {
    return this.#session.run((db) =>
      one(
        sql<ProfileRow>`
          select ${COLUMNS} from scouter.profile
          where space = ${key.space} and name = ${key.name} and drift_type = ${key.driftType}
            and version = ${key.version}`,
        db,
      ),
    );
  }

  byUid(uid: string): Promise<RegisteredProfile | undefined> {
    return this.#session.run((db) =>
      one(
        sql<ProfileRow>`select ${COLUMNS} from scouter.profile where uid = ${uid.toLowerCase()}`,
        db,
      ),
    );
  }

  listVersions(
    space: string,
    name: string,
    version: string,
  ): Promise<readonly RegisteredProfile[]> {
    return this.#session.run((db) =>
      many(
        sql<ProfileRow>`
          select ${COLUMNS} from scouter.profile
          where space = ${space} and name = ${name} and version = ${version}
          order by drift_type`,
        db,
      ),
    );
  }

  async list({ limit, cursor }: ProfileListRequest): Promise<ProfileList> {
    const count = checkedLimit(limit);
    const before = cursor === undefined ? sql`` : sql`where id < ${readCursor(cursor)}`;
    const { rows } = await this.#session.run((db) =>
      sql<IdentityRow>`
        select ${IDENTITY} from scouter.profile ${before} order by id desc limit ${count + 1}
      `.execute(db),
    );
    const shown = rows.slice(0, count);
    const last = rows.length > count ? shown.at(-1) : undefined;
    return {
      items: shown.map(({ id: _id, ...summary }) => summary),
      nextCursor: last === undefined ? null : String(last.id),
    };
  }

  setStatus(change: ProfileStatusChange): Promise<number> {
    return this.#session.transaction(async (db) => {
      const { numAffectedRows = 0n } = await sql`
        update scouter.profile set active = ${change.active}, updated_at = now()
        where space = ${change.space} and name = ${change.name} and version = ${change.version}
          ${ofDriftType(change.driftType)}`.execute(db);
      if (change.deactivateOthers) await deactivateSiblings(change, db);
      return Number(numAffectedRows);
    });
  }
}

/** Registrations of one (space, name, drift type) take turns until their transaction ends. */
async function lockVersions(key: Omit<ProfileKey, "version">, db: Executor): Promise<void> {
  const name = JSON.stringify(["profile versions", key.space, key.name, key.driftType]);
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(db);
}

async function existingVersions(
  key: Omit<ProfileKey, "version">,
  db: Executor,
): Promise<readonly string[]> {
  const { rows } = await sql<{ version: string }>`
    select version from scouter.profile
    where space = ${key.space} and name = ${key.name} and drift_type = ${key.driftType}
  `.execute(db);
  return rows.map((row) => row.version);
}

async function insert(
  profile: ProfileKey & {
    readonly uid: string;
    readonly active: boolean;
    readonly profile: JsonObject;
  },
  db: Executor,
): Promise<RegisteredProfile> {
  const { rows } = await sql<ProfileRow>`
    insert into scouter.profile (uid, space, name, version, drift_type, active, profile)
    values (${profile.uid}, ${profile.space}, ${profile.name}, ${profile.version},
      ${profile.driftType}, ${profile.active}, ${storableJsonText(profile.profile)}::json)
    returning ${COLUMNS}`.execute(db);
  return rows.map(registered)[0] as RegisteredProfile;
}

async function deactivateSiblings(
  of: Omit<ProfileKey, "driftType"> & { readonly driftType?: DriftType | undefined },
  db: Executor,
): Promise<void> {
  await sql`
    update scouter.profile set active = false, updated_at = now()
    where active and space = ${of.space} and name = ${of.name} and version <> ${of.version}
      ${ofDriftType(of.driftType)}`.execute(db);
}

function ofDriftType(driftType: DriftType | undefined): RawBuilder<unknown> {
  return driftType === undefined ? sql`` : sql`and drift_type = ${driftType}`;
}

function readConfig(profile: JsonObject): JsonObject {
  const config: Json | undefined = profile["config"];
  if (config === null || typeof config !== "object" || Array.isArray(config)) {
    throw errors.DATABASE_PROFILE_CONFIG_MISSING({});
  }
  return config as JsonObject;
}

function readCursor(cursor: string): number {
  const id = Number(cursor);
  if (/^\d+$/.test(cursor) && Number.isSafeInteger(id)) return id;
  throw errors.DATABASE_CURSOR_INVALID({ given: cursor });
}

async function many(
  query: RawBuilder<ProfileRow>,
  db: Executor,
): Promise<readonly RegisteredProfile[]> {
  const { rows } = await query.execute(db);
  return rows.map(registered);
}

async function one(
  query: RawBuilder<ProfileRow>,
  db: Executor,
): Promise<RegisteredProfile | undefined> {
  const [first] = await many(query, db);
  return first;
}

function registered(row: ProfileRow): RegisteredProfile {
  const { uid, space, name, version, drift_type: driftType, active, profile } = row;
  return { uid, space, name, version, driftType, active, createdAt: row.created_at, profile };
}
