import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { startS3Server } from "@scouter/testkit/object-server/s3-server";
import { expect, it } from "vitest";
import { lakeFixture } from "../traces/lake.fixture.ts";
import { MaintenanceClient } from "./maintenance-client.ts";
import { commitSpans, everySpan, mergeAtOnce } from "./maintenance.fixture.ts";

it("merges the files of a lake in a bucket, also those that this machine has no copy of", async () => {
  const server = await startS3Server();
  const remote = {
    uri: "s3://bucket/lake",
    environment: {
      AWS_ENDPOINT_URL: server.url,
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
    },
    cacheBytes: 1_000_000_000,
  };
  const fixture = await lakeFixture({ refreshIntervalMs: 0, remote });
  try {
    for (const trace of [1, 2, 3]) await commitSpans(fixture, trace);
    const before = await everySpan(fixture.lake);
    const copies = join(fixture.root, "files", "trace_spans");
    for (const name of await readdir(copies)) {
      if (name.startsWith("partition_date=")) await rm(join(copies, name), { recursive: true });
    }
    const client = await MaintenanceClient.start(
      { root: fixture.root, remote, memoryLimitMb: 512, settings: mergeAtOnce },
      new AbortController().signal,
    );
    const step = await client.next(1, []);
    await client.stop();
    expect(step).toMatchObject({ outcome: "done", run: { filesBefore: 3, filesAfter: 1 } });
    expect(await everySpan(fixture.lake)).toEqual(before);
  } finally {
    await fixture.close();
    await server.close();
  }
}, 60_000);
