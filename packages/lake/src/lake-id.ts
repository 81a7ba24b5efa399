import { randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { errors } from "./errors.ts";

const FILE = "scouter-lake.json";

/**
 * The id that tells one lake from another, wherever its folder is mounted; undefined when the folder has none, and then
 * nothing is written.
 *
 * @throws LAKE_ID_UNREADABLE when the folder or its mark cannot be read or written
 */
export function lakeIdOf(root: string): Promise<string | undefined> {
  return onFile(root, readId);
}

/**
 * The lake's id, which becomes `newId` when it has none. Of several processes that start together one gives it, and all
 * get the same answer.
 *
 * @throws LAKE_ID_UNREADABLE as `lakeIdOf`
 */
export function giveLakeId(root: string, newId: string): Promise<string> {
  return onFile(root, async (file) => (await readId(file)) ?? (await writeId(root, file, newId)));
}

async function onFile<Result>(
  root: string,
  work: (file: string) => Promise<Result>,
): Promise<Result> {
  const file = join(root, FILE);
  try {
    return await work(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw errors.LAKE_ID_UNREADABLE({ file, reason }, { cause: error });
  }
}

async function readId(file: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  const { id } = JSON.parse(text) as { readonly id?: unknown };
  if (typeof id !== "string") throw new Error("it holds no id");
  return id;
}

/** Written elsewhere and linked into place, so that the file is there whole or not at all and the first one stays. */
async function writeId(root: string, file: string, id: string): Promise<string> {
  await mkdir(root, { recursive: true });
  const draft = join(root, `.${FILE}.${randomUUID()}`);
  const handle = await open(draft, "wx");
  try {
    await handle.writeFile(`${JSON.stringify({ id })}\n`);
    await handle.sync();
    await link(draft, file);
    return id;
  } catch (error) {
    const first = codeOf(error) === "EEXIST" ? await readId(file) : undefined;
    if (first === undefined) throw error;
    return first;
  } finally {
    await handle.close();
    await rm(draft, { force: true });
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
