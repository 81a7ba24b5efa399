import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@scouter/contracts";
import type { ExportRequest } from "@scouter/testkit/otlp/export-request";
import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import { openFileIngestLog } from "../ingest-log/file-ingest-log.ts";
import { openTraceLake, type TraceLakeOptions } from "../open-trace-lake.ts";
import type { TraceLake } from "../trace-lake.ts";

export interface LakeFixture {
  readonly lake: TraceLake;
  readonly root: string;
  send(request: ExportRequest): Promise<void>;
  close(): Promise<void>;
}

export type LakeFixtureOptions = Partial<
  Pick<
    TraceLakeOptions,
    "clock" | "refreshIntervalMs" | "maintenance" | "events" | "remote" | "root" | "ingestLog"
  >
>;

/**
 * A lake that flushes only when told, or soon when it holds an awaited trace. In a folder of its own, or in one given, with
 * the log of a process before, which is left to the caller.
 */
export async function lakeFixture({
  folder: given,
  ...options
}: LakeFixtureOptions & { readonly folder?: string } = {}): Promise<LakeFixture> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), "scouter-traces-")));
  const root = join(folder, "lake");
  const fail = (error: unknown) => {
    throw error;
  };
  const lake = await openTraceLake({
    root,
    ingestLog: await openFileIngestLog({
      root: join(folder, "log"),
      owner: randomUUID(),
      clock: systemClock,
    }),
    clock: systemClock,
    flushIntervalMs: 3_600_000,
    flushSpans: 10_000_000,
    refreshIntervalMs: 10_000,
    maxInflatedBytes: 256_000_000,
    maxUnflushedBytes: 256_000_000,
    threads: 1,
    memoryLimitMb: 512,
    events: {
      onDeadLetter: async (letter) => fail(new Error(letter.reason)),
      onFlush: () => undefined,
      onFlushFailure: fail,
      onReplay: () => undefined,
      onFatal: fail,
    },
    ...options,
  });
  return {
    lake,
    root,
    async send(request) {
      const body = exportRequestProtobuf(request);
      await lake.ingest({ body, format: "otlp-protobuf", contentEncoding: "identity" });
    },
    async close() {
      await lake.close();
      if (given === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
