import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLocalObjectStore } from "./local-object-store.ts";

const MODULE = new URL("./local-object-store.ts", import.meta.url).href;
const KEYS = 40;
const OBJECT_BYTES = 400_000;

/** Races for every key; tells which keys it won. Its objects consist of one byte, the writer's number. */
const RACE = `
  async function race(root, writer, tell, start) {
    const { openLocalObjectStore } = await import(${JSON.stringify(MODULE)});
    const store = await openLocalObjectStore(root);
    tell("ready");
    await start;
    const won = [];
    for (let key = 0; key < ${KEYS}; key++) {
      const mine = new Uint8Array(${OBJECT_BYTES}).fill(writer);
      if (await store.putIfAbsent("race/" + key, mine)) won.push(key);
    }
    tell(won);
  }
`;
const PROCESS_RACE = `
  import { once } from "node:events";
  ${RACE}
  const [root, writer] = process.argv.slice(1);
  const start = once(process.stdin, "data");
  await race(root, Number(writer), (told) => console.log(JSON.stringify(told)), start);
  process.exit(0);
`;
const THREAD_RACE = `
  const { once } = require("node:events");
  const { parentPort, workerData } = require("node:worker_threads");
  ${RACE}
  const start = once(parentPort, "message");
  race(workerData.root, workerData.writer, (told) => parentPort.postMessage(told), start)
    .then(() => parentPort.unref());
`;

interface Racer {
  readonly ready: Promise<unknown>;
  readonly start: () => void;
  readonly won: Promise<readonly number[]>;
}

describe("LocalObjectStore between processes and threads", () => {
  let root = "";
  const children: ChildProcess[] = [];
  const workers: Worker[] = [];
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "object-store-race-"));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    for (const worker of workers.splice(0)) await worker.terminate();
    await rm(root, { recursive: true });
  });

  it("has one winner a key, and no reader meets a part of an object", async () => {
    const racers = [processRacer(1), processRacer(2), threadRacer(3), threadRacer(4)];
    await Promise.all(racers.map((racer) => racer.ready));
    const polling = new AbortController();
    const polls = pollForTornReads(polling.signal);
    for (const racer of racers) racer.start();
    const won = await Promise.all(racers.map((racer) => racer.won));
    polling.abort();
    const wholeObjects = await polls;

    expect(won.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: KEYS }, (_, key) => key));
    const store = await openLocalObjectStore(root);
    for (const [index, keys] of won.entries()) {
      for (const key of keys) expect((await store.get(`race/${key}`))?.[0]).toBe(index + 1);
    }
    expect(wholeObjects).toBeGreaterThanOrEqual(KEYS);
  });

  /** Reads every key over and over, and once more at the end; resolves with how many whole objects were seen. */
  async function pollForTornReads(signal: AbortSignal): Promise<number> {
    const store = await openLocalObjectStore(root);
    let whole = 0;
    for (let isOver = false; !isOver;) {
      isOver = signal.aborted;
      for (let key = 0; key < KEYS; key++) {
        const object = await store.get(`race/${key}`);
        if (object === undefined) continue;
        const writer = object[0] ?? 0;
        const isWhole =
          object.length === OBJECT_BYTES && writer > 0 && object.every((byte) => byte === writer);
        expect(isWhole, `object ${key} has ${object.length} bytes`).toBe(true);
        whole++;
      }
    }
    return whole;
  }

  function processRacer(writer: number): Racer {
    const child = spawn(
      process.execPath,
      [
        "--conditions=scouter-source",
        "--input-type=module",
        "--eval",
        PROCESS_RACE,
        root,
        `${writer}`,
      ],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    children.push(child);
    const lines = createInterface({ input: child.stdout });
    return {
      ready: once(lines, "line"),
      start: () => child.stdin.write("go\n"),
      won: nth(2, (take) => lines.on("line", (line) => take(JSON.parse(line)))),
    };
  }

  function threadRacer(writer: number): Racer {
    const worker = new Worker(THREAD_RACE, {
      eval: true,
      workerData: { root, writer },
      execArgv: ["--conditions=scouter-source"],
    });
    workers.push(worker);
    return {
      ready: once(worker, "message"),
      start: () => worker.postMessage("go"),
      won: nth(2, (take) => worker.on("message", take)),
    };
  }
});

/** The `count`-th thing told. */
function nth(
  count: number,
  listen: (take: (told: unknown) => void) => void,
): Promise<readonly number[]> {
  return new Promise((resolve) => {
    let seen = 0;
    listen((told) => {
      if (++seen === count) resolve(told as readonly number[]);
    });
  });
}
