import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { evalRecord } from "../../record/eval-record.ts";
import { memoryTransport, type MemoryStep } from "../../transport/memory-transport.ts";
import { accountedItems } from "../delivery-stats.ts";
import type { ScouterQueueOptions } from "../queue-options.ts";
import { ScouterQueue } from "../scouter-queue.ts";
import { SpoolFolder } from "./spool-folder.ts";

const busy: MemoryStep = { outcome: "retry", reason: "away" };
const never: MemoryStep = () => new Promise(() => {});

describe("a queue with a spool", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "scouter-spool-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  function start(script: readonly MemoryStep[], more: Partial<ScouterQueueOptions> = {}) {
    const transport = memoryTransport({ script });
    const queue = new ScouterQueue({
      profiles: { answers: { uid: "e" } },
      transport,
      spoolDir: folder,
      batchSize: 5,
      retry: { firstPauseMs: 1, maxPauseMs: 2, maxAttempts: 2 },
      ...more,
    });
    return { transport, queue };
  }
  const insert = (queue: ScouterQueue, count: number) => {
    for (let left = count; left > 0; left -= 1) {
      expect(queue.insert("answers", evalRecord({ context: left }))).toBe(true);
    }
  };

  test("outlasts a server that is away for longer than the tries", async () => {
    const { queue, transport } = start(Array.from({ length: 40 }, () => busy));
    insert(queue, 20);
    const report = await queue.shutdown({ timeoutMs: 60_000 });
    expect(report).toMatchObject({ complete: true, acknowledged: 20, spooled: 0 });
    expect(transport.sent.length).toBeGreaterThan(40);
    expect(await readdir(folder)).toEqual([]);
  });

  test("frees the buffer while the server is away: items wait on the disk", async () => {
    const { queue } = start(
      Array.from({ length: 1_000 }, () => never),
      { capacity: 10 },
    );
    for (let round = 0; round < 20; round += 1) {
      insert(queue, 5);
      while (queue.stats().pending > 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(queue.stats()).toMatchObject({ offered: 100, inFlight: 100, dropped: { full: 0 } });
    const { stats } = await queue.shutdown({ timeoutMs: 50 });
    expect(stats).toMatchObject({ spooled: 100, inFlight: 0, acknowledged: 0 });
    expect(accountedItems(stats)).toBe(100);
  });

  test("the next start sends what was left, under the numbers that it had", async () => {
    const first = start(Array.from({ length: 100 }, () => never));
    insert(first.queue, 23);
    const left = await first.queue.shutdown({ timeoutMs: 100 });
    expect(left).toMatchObject({ complete: false, stats: { spooled: 23 } });
    const second = start([
      { outcome: "acknowledged", rejected: [{ index: 0, code: "BAD", message: "" }] },
    ]);
    while ((second.queue.spoolStats()?.acknowledged ?? 0) < 22) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(second.queue.spoolStats()).toEqual({
      recovered: 23,
      acknowledged: 22,
      rejected: { BAD: 1 },
      waiting: 0,
      bypassed: 0,
    });
    insert(second.queue, 5);
    const { stats } = await second.queue.shutdown();
    expect(stats).toMatchObject({ offered: 5, acknowledged: 5 });
    const producer = first.transport.sent[0]?.producer;
    const sent = second.transport.sent.filter((batch) => batch.producer === producer);
    expect(sent.map(({ sequence }) => sequence).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
    expect(sent.reduce((sum, { itemCount }) => sum + itemCount, 0)).toBe(23);
    expect(sent.find(({ sequence }) => sequence === 1)?.body).toEqual(
      first.transport.sent.find(({ sequence }) => sequence === 1)?.body,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test("a full spool is passed by: batches go from memory, with their tries", async () => {
    const { queue } = start(
      Array.from({ length: 100 }, () => busy),
      { spoolMaxBytes: 10 },
    );
    insert(queue, 5);
    const { stats } = await queue.shutdown({ timeoutMs: 60_000 });
    expect(stats.rejected).toEqual({ SDK_RETRIES_EXHAUSTED: 5 });
    expect(queue.spoolStats()?.bypassed).toBe(1);
  });

  test("a folder that cannot be used costs nothing but the spool", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    const { queue } = start([], { spoolDir: file });
    insert(queue, 5);
    expect(await queue.shutdown()).toMatchObject({ complete: true, acknowledged: 5 });
  });
});

describe("SpoolFolder", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "scouter-spool-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const spool = async (producer: string, nowMs = () => Date.now()) => {
    const opened = new SpoolFolder({ folder, maxBytes: 1_000_000, producer, nowMs });
    await opened.open();
    return opened;
  };
  const batch = (producer: string, sequence: number) => ({
    body: Buffer.from("{}\n{}"),
    itemCount: 2,
    producer,
    sequence,
    delivery: "offered=2",
  });

  test("gives back what was written, byte by byte", async () => {
    const own = await spool("p1");
    const written = await own.write(batch("p1", 7));
    expect(await own.read(written!)).toEqual(batch("p1", 7));
    await own.remove(written!);
    await own.close();
    expect(await readdir(folder)).toEqual([]);
  });

  test("leaves a living process alone, and one that was silent for long not", async () => {
    const other = await spool("p1");
    await other.write(batch("p1", 1));
    const own = await spool("p2");
    expect(await own.adopt()).toEqual([]);
    const later = await spool("p3", () => Date.now() + 61_000);
    // A process of this one is known to live whatever its file says.
    expect(await later.adopt()).toEqual([]);
    await other.close();
    expect(await later.adopt()).toMatchObject([{ producer: "p1", sequence: 1, itemCount: 2 }]);
    expect(await own.adopt()).toEqual([]);
  });

  test("takes over what a taken-over folder holds, once; damaged files stay", async () => {
    const first = await spool("p1");
    await first.write(batch("p1", 1));
    await writeFile(join(folder, "p1", "2.batch"), "damaged");
    await first.close();
    const second = await spool("p2");
    expect(await second.adopt()).toHaveLength(1);
    await second.write(batch("p2", 1));
    await second.close();
    const third = await spool("p3");
    const adopted = await third.adopt();
    expect(adopted.map(({ producer, sequence }) => `${producer}/${sequence}`)).toEqual([
      "p1/1",
      "p2/1",
    ]);
  });
});
