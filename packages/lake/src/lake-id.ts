import { randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isScouterError, systemClock } from "@scouter/contracts";
import { type ObjectStore, openObjectStore } from "@scouter/delta";
import { errors } from "./errors.ts";
import type { RemoteLake } from "./table/data-files.ts";

/** A lake's folder, or its address in a remote store. */
export type LakePlace = string | Pick<RemoteLake, "uri" | "environment">;

const FILE = "scouter-lake.json";

/**
 * The id that tells one lake from another, wherever its folder is mounted; undefined when the folder has none, and then
 * nothing is written. Of a remote one that has an id, the store is asked to refuse another.
 *
 * @throws LAKE_ID_UNREADABLE when the folder or its mark cannot be read or written
 * @throws LAKE_STORE_UNCONDITIONAL when a remote store takes a put that it must refuse
 */
export function lakeIdOf(place: LakePlace): Promise<string | undefined> {
  return typeof place === "string" ? onFile(place, readId) : onObject(place, readObject);
}

/**
 * The lake's id, which becomes `newId` when it has none. Of several processes that start together one gives it, and all
 * get the same answer.
 *
 * @throws LAKE_ID_UNREADABLE, LAKE_STORE_UNCONDITIONAL as `lakeIdOf`
 */
export function giveLakeId(place: LakePlace, newId: string): Promise<string> {
  return typeof place === "string"
    ? onFile(place, async (file) => (await readId(file)) ?? (await writeId(place, file, newId)))
    : onObject(
        place,
        async (store) => (await readObject(store)) ?? (await writeObject(store, newId)),
      );
}

async function onObject<Id extends string | undefined>(
  { uri, environment }: Exclude<LakePlace, string>,
  work: (store: ObjectStore) => Promise<Id>,
): Promise<Id> {
  try {
    const options = { clock: systemClock, random: Math.random, environment };
    const store = await openObjectStore(uri, options);
    const id = await work(store);
    if (id !== undefined) await checkConditionalPut(uri, store, id);
    return id;
  } catch (error) {
    // The store's own words say more: no credentials, no such bucket.
    if (isScouterError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw errors.LAKE_ID_UNREADABLE({ file: `${uri}/${FILE}`, reason }, { cause: error });
  }
}

/**
 * Commits rely on a put that refuses to replace anything, and some compatible stores take the condition and do not look at
 * it. So the mark that is there is put once more, with the bytes that it has: nothing changes even where it is replaced.
 */
async function checkConditionalPut(uri: string, store: ObjectStore, id: string): Promise<void> {
  const isStored = await store.putIfAbsent(FILE, markOf(id));
  if (isStored) throw errors.LAKE_STORE_UNCONDITIONAL({ uri });
}

function markOf(id: string): Uint8Array {
  return Buffer.from(`${JSON.stringify({ id })}\n`);
}

async function readObject(store: ObjectStore): Promise<string | undefined> {
  const bytes = await store.get(FILE);
  return bytes && idIn(Buffer.from(bytes).toString());
}

/** Of several writers the first one's stays, also when the answer to its put was lost: so it is read back. */
async function writeObject(store: ObjectStore, id: string): Promise<string> {
  let failure: unknown;
  try {
    await store.putIfAbsent(FILE, markOf(id));
  } catch (error) {
    failure = error;
  }
  const found = await readObject(store);
  if (found === undefined) throw failure ?? new Error("it is missing right after it was stored");
  return found;
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
  return idIn(text);
}

function idIn(text: string): string {
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
    await handle.writeFile(markOf(id));
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
