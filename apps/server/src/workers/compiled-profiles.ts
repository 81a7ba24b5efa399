import { agentEvalProfile, type Clock } from "@scouter/contracts";
import type { ProfileRepository } from "@scouter/database";
import { compileTasks, type CompiledTasks, type Vocabulary } from "@scouter/evaluate";
import { errors } from "../errors.ts";

interface Entry {
  readonly compiled: CompiledTasks;
  /** JSON text of the profile it was compiled from. */
  readonly source: string;
  readonly readAtMs: number;
}

/** A profile that was replaced takes effect on records claimed later than this after the change. */
const FRESH_MS = 1000;

/** The tasks of profiles, ready to run. Profiles are read again every second, and compiled when they changed. */
export class CompiledProfiles {
  readonly #entries = new Map<string, Entry>();
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
  async get(uid: string): Promise<CompiledTasks> {
    const now = this.#clock.monotonicMs();
    const known = this.#entries.get(uid);
    if (known !== undefined && now - known.readAtMs < FRESH_MS) return known.compiled;
    const found = await this.#profiles.byUid(uid);
    if (found === undefined) throw errors.SERVER_PROFILE_UNKNOWN({ uid, driftType: "Agent" });
    const source = JSON.stringify(found.profile);
    const compiled =
      known?.source === source
        ? known.compiled
        : compileTasks(agentEvalProfile.parse(found.profile).tasks, this.#vocabulary);
    this.#keep(uid, { compiled, source, readAtMs: now });
    return compiled;
  }

  /** Forgets the profile that was read longest ago when there are too many. */
  #keep(uid: string, entry: Entry): void {
    this.#entries.delete(uid);
    this.#entries.set(uid, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#maxEntries && oldest !== undefined) this.#entries.delete(oldest);
  }
}
