import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** Where one engine, and no other, writes what does not fit into its memory. */
export interface SpillFolder {
  readonly folder: string;
  remove(): Promise<void>;
}

const NAME = /^spill-(\d+)-/;
/** Of an ended process; another machine, or container, on the same folder may have a process that is not seen from here. */
const LEFT_AFTER_MS = 24 * 3_600_000;

/**
 * A name of its own in `parent`, which is made. The engine calls its files the same in every process, so two on one folder
 * would overwrite each other's rows. It makes the folder when it needs one; what killed processes left is removed.
 */
export async function openSpillFolder(parent: string): Promise<SpillFolder> {
  await mkdir(parent, { recursive: true });
  await removeLeft(parent);
  const folder = join(parent, `spill-${process.pid}-${randomUUID()}`);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function removeLeft(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = NAME.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const folder = join(parent, name);
    // Another process may remove it at the same time.
    const found = await stat(folder).catch(() => undefined);
    if (found === undefined || Date.now() - found.mtimeMs < LEFT_AFTER_MS) continue;
    await rm(folder, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, as another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
