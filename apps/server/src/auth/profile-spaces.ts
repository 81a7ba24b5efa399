import type { ProfileRepository } from "@scouter/database";

const MAX_ENTRIES = 10_000;

/** The space of each profile, by uid. It never changes, so what was found once is kept. */
export class ProfileSpaces {
  readonly #profiles: Pick<ProfileRepository, "byUid">;
  readonly #spaces = new Map<string, string>();

  constructor(profiles: Pick<ProfileRepository, "byUid">) {
    this.#profiles = profiles;
  }

  /** Undefined when no profile has the uid. */
  async of(uid: string): Promise<string | undefined> {
    const known = this.#spaces.get(uid);
    if (known !== undefined) return known;
    const space = (await this.#profiles.byUid(uid))?.space;
    if (space === undefined) return undefined;
    if (this.#spaces.size >= MAX_ENTRIES) this.#spaces.clear();
    this.#spaces.set(uid, space);
    return space;
  }

  /** Of those that exist, each space once. */
  async ofAll(uids: readonly string[]): Promise<readonly string[]> {
    const spaces = await Promise.all([...new Set(uids)].map((uid) => this.of(uid)));
    return [...new Set(spaces.filter((space) => space !== undefined))];
  }
}
