import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePorts, startServerProcess } from "@scouter/testkit/server-process/server-process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acknowledgedMore, startLoad } from "./acknowledged-load.ts";
import { registerProfile } from "./agent-profile.ts";
import { listedRecordCounts, storedSpanCounts } from "./stored-state.ts";

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));

describe("a server stopped by SIGTERM under load", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "scouter-stop-"));
  });
  afterEach(async () => {
    await rm(home, { recursive: true, force: true });
  });

  it("stops in order, loses nothing and logs each step", async () => {
    const ports = await freePorts();
    const server = await startServerProcess({ entry, home, ports });
    const profileUid = await registerProfile(server.urls.http);
    const target = { httpUrl: server.urls.http, otlpUrl: server.urls.otlpHttp, profileUid };
    const load = startLoad(target, { spans: 4, records: 2 });
    await acknowledgedMore(load, { spans: 100, records: 50 });
    const exit = await server.stop("SIGTERM");
    expect(exit).toEqual({ code: 0, signal: null });

    const acknowledgedAtStop = new Set(load.acknowledged.spanIds);
    const stored = await storedSpanCounts(home);
    expect([...acknowledgedAtStop].filter((id) => stored.get(id) !== 1)).toEqual([]);

    expect(stopSteps(server.output())).toEqual([
      "not ready, nothing accepted any more",
      "workers told to end",
      "work under way ended or its time is over",
      "work that did not end was cut, leases released",
      "lake flushed",
      "archive closed",
      "lake closed",
      "database closed",
      "home folder released",
    ]);

    const again = await startServerProcess({ entry, home, ports });
    await load.finish();
    const listed = await listedRecordCounts(again.urls.http, profileUid);
    for (const uid of load.acknowledged.recordUids) expect(listed.get(uid)).toBe(1);
    await again.stop("SIGTERM");
  });
});

/** Names of the stop steps in the order in which they were logged. */
function stopSteps(output: string): string[] {
  return output
    .split("\n")
    .filter((line) => line.includes('"stop: '))
    .map((line) => (JSON.parse(line) as { msg: string }).msg.replace("stop: ", ""));
}
