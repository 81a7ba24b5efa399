import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { OutgoingBatch } from "../../transport/transport.ts";

/** A batch on the disk, without its bytes. */
export interface SpooledBatch {
  readonly path: string;
  readonly sizeBytes: number;
  readonly itemCount: number;
  readonly producer: string;
  readonly sequence: number;
  readonly delivery: string | undefined;
}

export interface SpoolFolderOptions {
  readonly folder: string;
  /** Bytes on the disk, those of earlier processes included. */
  readonly maxBytes: number;
  /** Of this process. */
  readonly producer: string;
  readonly nowMs: () => number;
}

const OWNER_FILE = "owner.json";
const BATCH_FILE = /^(\d+)\.batch$/;
const LINE_FEED = 0x0a;
/** How often a process that lives says so; one that was silent for much longer is taken for dead. */
export const HEARTBEAT_MS = 10_000;
const SILENT_MS = 60_000;

/** Producers of this process: other queues of the same app may share the folder. */
const living = new Set<string>();

/**
 * Batches as files: `<folder>/<producer>/<sequence>.batch`, a line of JSON and then the message. A file appears under its
 * name when it is whole. Folders of processes that have ended are taken over by renaming them, so that one process wins.
 * Nothing is synced: what is there survives the end of the process, not a power cut.
 */
export class SpoolFolder {
  readonly #options: SpoolFolderOptions;
  readonly #own: string;
  #usedBytes = 0;

  constructor(options: SpoolFolderOptions) {
    this.#options = options;
    this.#own = join(options.folder, options.producer);
    living.add(options.producer);
  }

  async open(): Promise<void> {
    await mkdir(this.#own, { recursive: true });
    const owner = { pid: process.pid, host: hostname() };
    await writeFile(join(this.#own, OWNER_FILE), JSON.stringify(owner));
  }

  /** Says that this process lives. */
  async heartbeat(): Promise<void> {
    const now = new Date(this.#options.nowMs());
    await utimes(join(this.#own, OWNER_FILE), now, now);
  }

  /** @returns undefined when there is no room; rejects when the disk fails */
  async write(batch: OutgoingBatch): Promise<SpooledBatch | undefined> {
    const { producer, sequence, itemCount, delivery, body } = batch;
    const head = Buffer.from(`${JSON.stringify({ producer, sequence, itemCount, delivery })}\n`);
    const sizeBytes = head.byteLength + body.byteLength;
    if (this.#usedBytes + sizeBytes > this.#options.maxBytes) return undefined;
    this.#usedBytes += sizeBytes;
    try {
      const path = join(this.#own, `${sequence}.batch`);
      await writeFile(`${path}.part`, Buffer.concat([head, body]));
      await rename(`${path}.part`, path);
      return { path, sizeBytes, itemCount, producer, sequence, delivery };
    } catch (error) {
      this.#usedBytes -= sizeBytes;
      throw error;
    }
  }

  async read(batch: SpooledBatch): Promise<OutgoingBatch> {
    const { body } = parsed(await readFile(batch.path));
    const { itemCount, producer, sequence, delivery } = batch;
    const whole = { body, itemCount, producer, sequence };
    return delivery === undefined ? whole : { ...whole, delivery };
  }

  async remove({ path, sizeBytes }: SpooledBatch): Promise<void> {
    await rm(path, { force: true });
    this.#usedBytes -= sizeBytes;
  }

  /** Takes over what ended processes left, oldest first. Files that cannot be read are left alone. */
  async adopt(): Promise<readonly SpooledBatch[]> {
    const { folder } = this.#options;
    const adopted: SpooledBatch[] = [];
    for (const name of (await readdir(folder)).toSorted()) {
      if (!(await this.#isAbandoned(name))) continue;
      const mine = join(this.#own, `adopted-${randomUUID()}`);
      try {
        await rename(join(folder, name), mine);
      } catch {
        // Another process was quicker.
        continue;
      }
      adopted.push(...(await batchesIn(mine)));
    }
    for (const { sizeBytes } of adopted) this.#usedBytes += sizeBytes;
    return adopted;
  }

  /** Removes this process' folder if nothing is left in it; else the next process finds it. */
  async close(): Promise<void> {
    living.delete(this.#options.producer);
    const left = await batchesIn(this.#own);
    if (left.length === 0) await rm(this.#own, { recursive: true, force: true });
  }

  async #isAbandoned(name: string): Promise<boolean> {
    if (living.has(name)) return false;
    const file = join(this.#options.folder, name, OWNER_FILE);
    try {
      const { mtimeMs } = await stat(file);
      if (this.#options.nowMs() - mtimeMs > SILENT_MS) return true;
      const owner = JSON.parse(await readFile(file, "utf8")) as { pid: number; host: string };
      return owner.host === hostname() && (owner.pid === process.pid || !isAlive(owner.pid));
    } catch {
      // No spool of ours, or one that is being taken over.
      return false;
    }
  }
}

/** Folders that an earlier process took over lie inside its own. */
async function batchesIn(folder: string): Promise<readonly SpooledBatch[]> {
  const names = await readdir(folder, { recursive: true });
  const found: SpooledBatch[] = [];
  for (const name of names) {
    if (!BATCH_FILE.test(name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1))) {
      continue;
    }
    const path = join(folder, name);
    try {
      const bytes = await readFile(path);
      const { head } = parsed(bytes);
      found.push({ ...head, path, sizeBytes: bytes.byteLength });
    } catch {
      // Damaged: left where it is, for somebody to look at.
    }
  }
  return found.toSorted(
    (left, right) => left.producer.localeCompare(right.producer) || left.sequence - right.sequence,
  );
}

function parsed(bytes: Buffer) {
  const end = bytes.indexOf(LINE_FEED);
  const head = JSON.parse(bytes.subarray(0, end).toString()) as {
    readonly producer: string;
    readonly sequence: number;
    readonly itemCount: number;
    readonly delivery: string | undefined;
  };
  return { head, body: bytes.subarray(end + 1) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
