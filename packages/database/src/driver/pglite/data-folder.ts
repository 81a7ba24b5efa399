import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errors } from "../../errors.ts";

/** Major version of the PostgreSQL inside the pinned PGlite; its folders open with no other. */
export const PGLITE_POSTGRES_VERSION = "18";

/**
 * Prepares a folder for PGlite. A first start that was killed leaves half a database that no start can use; a note
 * beside the folder, written before and removed after it, tells such a folder from one with data.
 */
export class DataFolder {
  readonly path: string;
  readonly #note: string;

  constructor(path: string) {
    this.path = path;
    this.#note = `${path}.creating`;
  }

  /** Rejects with DATABASE_FOLDER_VERSION when another release's PGlite made the folder. */
  async prepare(): Promise<void> {
    if ((await readText(this.#note)) !== undefined) {
      await rm(this.path, { recursive: true, force: true });
    }
    const found = await readText(join(this.path, "PG_VERSION"));
    if (found === undefined) return this.#begin();
    if (found.trim() === PGLITE_POSTGRES_VERSION) return;
    throw errors.DATABASE_FOLDER_VERSION({
      folder: this.path,
      found: found.trim(),
      expected: PGLITE_POSTGRES_VERSION,
    });
  }

  /** Says that the folder holds a complete database from now on. */
  async complete(): Promise<void> {
    await rm(this.#note, { force: true });
  }

  async #begin(): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    await writeFile(this.#note, "the database beside this note is being made\n");
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
