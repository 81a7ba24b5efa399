import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lakeFixture } from "../traces/lake.fixture.ts";
import { EXIT_CODE, SPANS_OF_TRACE, waysToEnd, type WayToEnd } from "./ending-process.fixture.ts";

const PROGRAM = new URL("./ending-process.fixture.ts", import.meta.url);
const TRACES_BEFORE_END = 10;

let folder = "";
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "scouter-ending-"));
});
afterEach(async () => {
  child?.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

describe("a process that ends while its lake reads and flushes, by", () => {
  it.each(Object.keys(waysToEnd) as WayToEnd[])(
    "%s: ends with its own code, and has what it acknowledged",
    async (way) => {
      const { ended, acknowledged } = await runUntil(way);
      expect(ended).toEqual([EXIT_CODE, null]);
      expect(acknowledged).toBeGreaterThanOrEqual(TRACES_BEFORE_END);
      const next = await lakeFixture({ folder });
      try {
        const { items } = await next.lake.listTraces({ limit: 1_000, direction: "next" });
        expect(items.length).toBeGreaterThanOrEqual(acknowledged);
        expect(new Set(items.map(({ spanCount }) => spanCount))).toEqual(new Set([SPANS_OF_TRACE]));
      } finally {
        await next.close();
      }
    },
    180_000,
  );
});

async function runUntil(way: WayToEnd) {
  const started = fork(PROGRAM, [folder, way], {
    execArgv: ["--conditions=scouter-source"],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  child = started;
  let acknowledged = 0;
  started.on("message", (trace: number) => {
    acknowledged = trace;
    if (trace === TRACES_BEFORE_END) started.send("end");
  });
  const ended = await once(started, "exit");
  return { ended, acknowledged };
}
