import { systemClock } from "@scouter/contracts";
import { registerAgent } from "@scouter/testkit/contract/repositories/samples";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, watch } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPglite } from "./open-pglite.ts";

const ROUNDS = 3;
const BATCHES_BEFORE_KILL = 15;
const PROGRAM = `
  const { storeUntilKilled } = await import("@scouter/testkit/contract/repositories/store-until-killed");
  await storeUntilKilled(process.argv[1]);`;
const packageFolder = fileURLToPath(new URL("..", import.meta.url));

describe("a killed process with PGlite", () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "scouter-kill-")), "database");
  });
  afterEach(() => rm(join(folder, ".."), { recursive: true, force: true }));

  it("loses no acknowledged record, over three kills", { timeout: 120_000 }, async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      acknowledged.push(...(await storeUntilKilled(folder)));
    }
    const db = await openPglite({ folder, clock: systemClock });
    const missing = [];
    for (const uid of acknowledged) {
      const found = await db.evalRecords.byUid(uid);
      if (found.length !== 1) missing.push(uid);
    }
    await db.close();
    expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * BATCHES_BEFORE_KILL);
    expect(missing).toEqual([]);
  });

  it("begins anew after a first start that was killed half way", { timeout: 120_000 }, async () => {
    while (!(await killHalfWay(folder))) await rm(folder, { recursive: true });
    const db = await openPglite({ folder, clock: systemClock });
    await registerAgent(db);
    await db.close();
    expect(existsSync(`${folder}.creating`)).toBe(false);
    const again = await openPglite({ folder, clock: systemClock });
    expect((await again.profiles.list({ limit: 10 })).items).toHaveLength(1);
    await again.close();
  });
});

function start(folder: string): ChildProcess {
  const options = ["--conditions=scouter-source", "--input-type=module"];
  return spawn(process.execPath, [...options, "--eval", PROGRAM, folder], {
    cwd: packageFolder,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Lets a process store records in a loop and kills it in the midst; resolves with the uids it had acknowledged. */
async function storeUntilKilled(folder: string): Promise<readonly string[]> {
  const child = start(folder);
  const uids: string[] = [];
  let batches = 0;
  for await (const line of createInterface({ input: child.stdout! })) {
    const [kind, text = ""] = line.split(" ");
    if (kind !== "stored") continue;
    uids.push(...text.split(","));
    batches += 1;
    if (batches === BATCHES_BEFORE_KILL) child.kill("SIGKILL");
  }
  await ended(child);
  return uids;
}

/**
 * Kills a first start when its folder appears. The note is written before, so what is there is half a database at most;
 * false when the database was complete before the kill came.
 */
async function killHalfWay(folder: string): Promise<boolean> {
  const child = start(folder);
  const watching = new AbortController();
  const complete = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout! }).on("line", (line) => {
      if (line.startsWith("stored")) resolve();
    });
  });
  await Promise.race([appears(folder, watching.signal), complete]);
  child.kill("SIGKILL");
  await ended(child);
  watching.abort();
  return existsSync(`${folder}.creating`);
}

async function appears(folder: string, signal: AbortSignal): Promise<void> {
  const watcher = watch(dirname(folder), { signal });
  while (!existsSync(folder)) await new Promise((resolve) => watcher.once("change", resolve));
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => child.once("exit", resolve));
}
