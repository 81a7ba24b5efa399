/** What the log folder holds, from some version on. */
export interface LogListing {
  /** Newest version of which there is a commit file or a whole checkpoint; -1 when there is none. */
  readonly newest: number;
  readonly commits: readonly LogFile[];
  /** Whole checkpoints, oldest first. */
  readonly checkpoints: readonly CheckpointFiles[];
  /** Versions of checkpoints in the later form that only tables with a feature have. */
  readonly laterCheckpoints: readonly number[];
}

export interface LogFile {
  readonly version: number;
  readonly key: string;
  readonly modifiedAt: number;
}

/** A checkpoint is one file, or several that other engines write for large tables. */
export interface CheckpointFiles {
  readonly version: number;
  readonly keys: readonly string[];
}

const COMMIT = /^(\d{20})\.json$/;
const SINGLE = /^(\d{20})\.checkpoint\.parquet$/;
const PART = /^(\d{20})\.checkpoint\.(\d{10})\.(\d{10})\.parquet$/;
const LATER = /^(\d{20})\.checkpoint\.[0-9a-f-]{36}\.(?:json|parquet)$/i;

/** Sorts the objects of a log folder; other files are passed over. */
export class LogListingBuilder {
  readonly #commits: LogFile[] = [];
  readonly #single = new Map<number, string>();
  readonly #parts = new Map<string, { version: number; keys: (string | undefined)[] }>();
  readonly #later: number[] = [];

  add(name: string, key: string, modifiedAt: number): void {
    const commit = COMMIT.exec(name);
    if (commit) this.#commits.push({ version: Number(commit[1]), key, modifiedAt });
    const single = SINGLE.exec(name);
    if (single) this.#single.set(Number(single[1]), key);
    const later = LATER.exec(name);
    if (later) this.#later.push(Number(later[1]));
    const part = PART.exec(name);
    if (part) this.#addPart(Number(part[1]), Number(part[2]), Number(part[3]), key);
  }

  #addPart(version: number, number: number, count: number, key: string): void {
    // Two writers may have cut the same version into different numbers of parts.
    const set = `${version}/${count}`;
    const keys = this.#parts.get(set)?.keys ?? Array<string | undefined>(count).fill(undefined);
    if (number >= 1 && number <= count) keys[number - 1] = key;
    this.#parts.set(set, { version, keys });
  }

  build(): LogListing {
    const whole = new Map<number, readonly string[]>();
    for (const { version, keys } of this.#parts.values()) {
      const present = keys.filter((key) => key !== undefined);
      if (present.length === keys.length) whole.set(version, present);
    }
    for (const [version, key] of this.#single) whole.set(version, [key]);
    const checkpoints = Array.from(whole, ([version, keys]) => ({ version, keys }));
    return {
      newest: [...this.#commits, ...checkpoints].reduce((a, b) => Math.max(a, b.version), -1),
      commits: this.#commits.toSorted((a, b) => a.version - b.version),
      checkpoints: checkpoints.toSorted((a, b) => a.version - b.version),
      laterCheckpoints: this.#later,
    };
  }
}
