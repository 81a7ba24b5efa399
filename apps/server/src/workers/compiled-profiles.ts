import type { Clock } from "@scouter/contracts";
import type { ProfileRepository } from "@scouter/database";
import type { Vocabulary } from "@scouter/evaluate";
import { errors } from "../errors.ts";
import { profileTasks, type ProfileTasks } from "./profile-tasks.ts";

interface Entry {
  readonly tasks: ProfileTasks;
  /** JSON text of the profile it was compiled from. */
  readonly source: string;
  readonly readAtMs: number;
}

/** A profile that was replaced takes effect on records claimed later than this after the change. */
const FRESH_MS = 1000;

/** The tasks of profiles, ready to run. Profiles are read again every second, and compiled when they changed. */
export class CompiledProfiles {
  readonly #entries = new Map<string, Entry>();
  /** Profiles that are being read: workers that ask for one at the same time share the answer. */
  readonly #reading = new Map<string, Promise<ProfileTasks>>();
  readonly #profiles: Pick<ProfileRepository, "byUid">;
  readonly #clock: Clock;
  readonly #maxEntries: number;

  readonly #vocabulary: Vocabulary;

  constructor(options: {
    readonly profiles: Pick<ProfileRepository, "byUid">;
    readonly clock: Clock;
    readonly maxEntries: number;
    readonly vocabulary: Vocabulary;
  }) {
    this.#profiles = options.profiles;
    this.#clock = options.clock;
    this.#maxEntries = options.maxEntries;
    this.#vocabulary = options.vocabulary;
  }

  /** @throws `SERVER_PROFILE_UNKNOWN`, `EVALUATE_TASKS_INVALID`, or what the database rejects with */
  async get(uid: string): Promise<ProfileTasks> {
    const now = this.#clock.monotonicMs();
    const known = this.#entries.get(uid);
    if (known !== undefined && now - known.readAtMs < FRESH_MS) return known.tasks;
    const underWay = this.#reading.get(uid);
    if (underWay !== undefined) return underWay;
    const reading = this.#read(uid, known, now).finally(() => this.#reading.delete(uid));
    this.#reading.set(uid, reading);
    return reading;
  }

  async #read(uid: string, known: Entry | undefined, now: number): Promise<ProfileTasks> {
    const found = await this.#profiles.byUid(uid);
    if (found === undefined) throw errors.SERVER_PROFILE_UNKNOWN({ uid, driftType: "Agent" });
    const source = JSON.stringify(found.profile);
    const tasks =
      known?.source === source ? known.tasks : await profileTasks(found.profile, this.#vocabulary);
    this.#keep(uid, { tasks, source, readAtMs: now });
    return tasks;
  }

  /** Forgets the profile that was read longest ago when there are too many. */
  #keep(uid: string, entry: Entry): void {
    this.#entries.delete(uid);
    this.#entries.set(uid, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#maxEntries && oldest !== undefined) this.#entries.delete(oldest);
  }
}
