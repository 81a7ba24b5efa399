import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePorts, startServerProcess } from "@scouter/testkit/server-process/server-process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acknowledgedMore, startLoad } from "./acknowledged-load.ts";
import { registerProfile } from "./agent-profile.ts";
import { faults, listedRecordCounts, storedSpanCounts } from "./stored-state.ts";

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const rounds = Number(process.env["SCOUTER_CHAOS_ROUNDS"] ?? 3);

describe("a server killed at random under load", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "scouter-crash-"));
  });
  afterEach(async () => {
    await rm(home, { recursive: true, force: true });
  });

  it(
    `loses and doubles nothing that was acknowledged, over ${rounds} kills`,
    async () => {
      const ports = await freePorts();
      const options = { entry, home, ports, env: { SCOUTER_TRACE_FLUSH_INTERVAL_SECS: "1" } };
      let server = await startServerProcess(options);
      const profileUid = await registerProfile(server.urls.http);
      const target = {
        httpUrl: server.urls.http,
        otlpUrl: server.urls.otlpHttp,
        profileUid,
      };
      const load = startLoad(target, { spans: 4, records: 2 });
      for (let round = 0; round < rounds; round += 1) {
        await acknowledgedMore(load, { spans: 101, records: 51 });
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 2_000));
        const exit = await server.stop("SIGKILL");
        expect(exit.signal).toBe("SIGKILL");
        server = await startServerProcess(options);
      }
      await load.finish();

      const { spanIds, recordUids, retries } = load.acknowledged;
      const listed = await listedRecordCounts(server.urls.http, profileUid);
      const exit = await server.stop("SIGTERM");
      expect(exit).toEqual({ code: 0, signal: null });
      const stored = await storedSpanCounts(home);

      expect(spanIds.size).toBeGreaterThan(100 * rounds);
      expect(recordUids.size).toBeGreaterThan(50 * rounds);
      expect(retries.get("no reply") ?? 0).toBeGreaterThan(0);
      expect(faults(spanIds, stored)).toEqual({ lost: [], doubled: [] });
      expect(faults(recordUids, listed)).toEqual({ lost: [], doubled: [] });
    },
    120_000 + rounds * 60_000,
  );
});
