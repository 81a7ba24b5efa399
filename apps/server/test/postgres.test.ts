import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { enterAs } from "@scouter/testkit/server-process/guest-fetch";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { startServerProcess } from "@scouter/testkit/server-process/server-process";
import { afterEach, beforeEach, expect, it } from "vitest";
import { acknowledgedMore, startLoad } from "./acknowledged-load.ts";
import { registerProfile } from "./agent-profile.ts";
import { faults, listedRecordCounts, storedSpanCounts } from "./stored-state.ts";

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));

const admin = { username: "admin", password: "one server, one database" };

await onPostgres("a server by DATABASE_URI alone", (postgres) => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "scouter-on-postgres-"));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it("takes records and spans, survives kill -9 and a clean restart, and keeps nothing else in its home", async () => {
    const env = {
      DATABASE_URI: await postgres.emptyDatabase(),
      SCOUTER_INGEST_LEASE_SECS: "1",
      SCOUTER_OTLP_ANONYMOUS: "true",
      SCOUTER_DEFAULT_PASSWORD: admin.password,
    };
    let server = await startServerProcess({ entry, home, env });
    await enterAs(server.urls.http, admin);
    const profileUid = await registerProfile(server.urls.http);
    const target = { httpUrl: server.urls.http, otlpUrl: server.urls.otlpHttp, profileUid };
    const load = startLoad(target, { spans: 2, records: 1 });
    await acknowledgedMore(load, { spans: 100, records: 1 });
    await server.stop("SIGKILL");
    server = await startServerProcess({ entry, home, env, ports: server.ports });
    await load.finish();
    const { spanIds, recordUids } = load.acknowledged;
    const listed = await listedRecordCounts(server.urls.http, profileUid);
    const replayed = '"msg":"replayed the log of an ended process"';
    while (!server.output().includes(replayed)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await server.stop("SIGTERM")).toEqual({ code: 0, signal: null });
    expect(faults(spanIds, await storedSpanCounts(home))).toEqual({ lost: [], doubled: [] });
    expect(faults(recordUids, listed)).toEqual({ lost: [], doubled: [] });
    expect((await readdir(home)).toSorted()).toEqual(["lake", "scouter-home.json"]);
  });
});
