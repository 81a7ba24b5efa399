import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { systemClock } from "@scouter/contracts";
import { expect, it } from "vitest";
import { openFileIngestLog } from "./ingest-log/file-ingest-log.ts";
import { lakeFixture } from "./traces/lake.fixture.ts";

it("leaves no thread behind when the log of ended processes cannot be read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "scouter-open-"));
  const started: Worker[] = [];
  const note = (worker: Worker) => started.push(worker);
  process.on("worker", note);
  const log = await openFileIngestLog({
    root: join(folder, "log"),
    owner: randomUUID(),
    clock: systemClock,
  });
  const ingestLog = {
    owner: log.owner,
    capabilities: log.capabilities,
    adoptable: () => Promise.reject(new Error("the disk does not answer")),
  };
  try {
    const opened = lakeFixture({ root: join(folder, "lake"), ingestLog: ingestLog as never });
    await expect(opened).rejects.toThrow("the disk does not answer");
    expect(started).toHaveLength(1);
    // It may have ended already.
    if (started[0]?.threadId !== -1) await once(started[0] as Worker, "exit");
  } finally {
    process.off("worker", note);
    await log.close();
    await rm(folder, { recursive: true });
  }
});
