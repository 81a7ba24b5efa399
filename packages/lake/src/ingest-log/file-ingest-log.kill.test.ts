import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openFileIngestLog } from "./file-ingest-log.ts";

const MODULE = new URL("./file-ingest-log.ts", import.meta.url).href;
const ROUNDS = 5;
const ENTRIES_BEFORE_KILL = 300;

/** Appends as fast as it can, 16 at a time, releases now and then, and prints each number it was acknowledged. */
const APPENDER = `
  import { openFileIngestLog } from ${JSON.stringify(MODULE)};
  const [root, owner] = process.argv.slice(1);
  const clock = { now: () => Date.now() };
  const log = await openFileIngestLog({ root, owner, clock, segmentBytes: 200_000 });
  let number = 0;
  const client = async () => {
    for (;;) {
      const mine = ++number;
      const digest = Buffer.from(owner.slice(-12) + String(mine).padStart(8, "0"));
      const payload = Buffer.alloc(1_000 + (mine % 7) * 500, mine);
      const entry = { format: "otlp-protobuf", payload, digest, receivedAt: mine, rejected: [] };
      const { sequence } = await log.append(entry);
      process.stdout.write(sequence + " " + mine + "\\n");
    }
  };
  for (let i = 0; i < 16; i++) client();
`;

let root = "";
let child: ChildProcess | undefined;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "ingest-log-kill-"));
});
afterEach(async () => {
  child?.kill("SIGKILL");
  await rm(root, { recursive: true });
});

it("has every acknowledged entry, once, after the process was killed", async () => {
  for (let round = 1; round <= ROUNDS; round++) {
    const owner = `0193f1a0-0000-7000-8000-${String(round).padStart(12, "0")}`;
    const acknowledged = await appendUntilKilled(owner);
    expect(acknowledged.size).toBeGreaterThanOrEqual(ENTRIES_BEFORE_KILL);

    const reader = `0193f1a0-0000-7000-9000-${String(round).padStart(12, "0")}`;
    const log = await openFileIngestLog({ root, owner: reader, clock: new ManualClock() });
    expect(await log.adoptable()).toContain(owner);
    await log.adopt(owner);
    const found = new Map<number, number>();
    for await (const entry of log.read(owner, 0)) {
      expect(entry.damaged).toBeUndefined();
      if (entry.damaged) continue;
      const number = Number(Buffer.from(entry.digest).toString().slice(12));
      expect(found.has(entry.sequence)).toBe(false);
      expect(entry.payload).toEqual(new Uint8Array(1_000 + (number % 7) * 500).fill(number));
      found.set(entry.sequence, number);
    }
    for (const [sequence, number] of acknowledged) expect(found.get(sequence)).toBe(number);
    expect(new Set(found.values()).size).toBe(found.size);
    await log.close();
  }
}, 120_000);

/** Resolves, after the kill, with number by sequence of everything that was acknowledged. */
async function appendUntilKilled(owner: string): Promise<ReadonlyMap<number, number>> {
  const args = ["--conditions=scouter-source", "--input-type=module", "--eval", APPENDER];
  const appender = spawn(process.execPath, [...args, root, owner], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = appender;
  const acknowledged = new Map<number, number>();
  const lines = createInterface({ input: appender.stdout });
  lines.on("line", (line) => {
    const [sequence, number] = line.split(" ").map(Number);
    if (sequence === undefined || number === undefined) return;
    acknowledged.set(sequence, number);
    if (acknowledged.size === ENTRIES_BEFORE_KILL) appender.kill("SIGKILL");
  });
  await once(lines, "close");
  return acknowledged;
}
