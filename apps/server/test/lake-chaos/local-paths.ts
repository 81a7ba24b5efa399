import { access, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ObjectStore } from "@scouter/delta";

/** The table's files where the engine can read them; those of a bucket are copied once. */
export async function localPaths(
  store: ObjectStore,
  copies: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const { localRoot } = store.capabilities;
  const folder = localRoot ?? copies;
  const missing = localRoot === undefined ? await absent(folder, paths) : [];
  for (const path of missing) {
    const bytes = await store.get(path);
    if (bytes === undefined) throw new Error(`${path} is gone while the table names it`);
    const to = join(folder, path);
    await mkdir(dirname(to), { recursive: true });
    await writeFile(`${to}.half`, bytes);
    await rename(`${to}.half`, to);
  }
  return paths.map((path) => join(folder, path));
}

async function absent(folder: string, paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      access(join(folder, path)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, index) => found[index] !== true);
}
