import type { FastifyInstance } from "fastify";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { readConfig } from "../../src/config/read-config.ts";
import { createApiApp } from "../../src/http/api-app.ts";
import { Ingest } from "../../src/ingest/ingest.ts";
import { makeLogger } from "../../src/log/make-logger.ts";
import { ServerMetrics } from "../../src/metrics/server-metrics.ts";
import { FakeDatabase } from "./fake-database.ts";
import { FakeLake } from "./fake-lake.ts";

export interface ApiFixture {
  readonly app: FastifyInstance;
  readonly database: FakeDatabase;
  readonly lake: FakeLake;
  readonly ingest: Ingest;
  readonly metrics: ServerMetrics;
  readonly lost: unknown[];
  close(): Promise<void>;
}

/** The API over stand-ins, to be called with `app.inject`. */
export async function apiFixture(env: Record<string, string> = {}): Promise<ApiFixture> {
  const { config } = readConfig(env);
  const database = new FakeDatabase();
  const lake = new FakeLake();
  const clock = new ManualClock();
  const metrics = new ServerMetrics();
  const lost: unknown[] = [];
  const ingest = new Ingest({
    database,
    lake,
    clock,
    config: config.ingest,
    events: {
      channelObserver: (channel) => metrics.channelObserver(channel),
      onRecordsStored: (count) => metrics.recordsStored.inc(count),
      onLostAfterReply: (_channel, error) => lost.push(error),
      onSpanTagsLost: (_count, error) => lost.push(error),
    },
  });
  ingest.start();
  const logger = makeLogger({ level: "silent", json: true }, { write: () => undefined });
  const app = await createApiApp({ config, database, lake, clock, metrics, ingest, logger });
  const close = async () => {
    await app.close();
    await ingest.drain();
  };
  return { app, database, lake, ingest, metrics, lost, close };
}
