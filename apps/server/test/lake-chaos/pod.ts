/**
 * A process of the lake's chaos suite: the server's configuration, database, span log and lake without the rest of it,
 * so that a killed one is soon back. `SCOUTER_CHAOS_ROLE` is `writer`, which takes exports, or `compactor`, which
 * maintains the table as if no other did.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { isScouterError } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import { openTraceLake, type LakeMaintenanceOptions, type TraceLakeOptions } from "@scouter/lake";
import { openLake } from "../../src/compose/open-lake.ts";
import { realOutside } from "../../src/compose/outside.ts";
import { readConfig } from "../../src/config/read-config.ts";
import { makeLogger } from "../../src/log/make-logger.ts";
import { ServerMetrics } from "../../src/metrics/server-metrics.ts";
import { TRIAL } from "./trial.ts";

const role = process.env["SCOUTER_CHAOS_ROLE"];
const { config } = readConfig(process.env);
const logger = makeLogger(config.log, process.stderr);
if (config.database.kind !== "postgres") throw new Error("DATABASE_URI is not set");
const database = await realOutside.openPostgres({
  ...config.database,
  clock: realOutside.clock,
  onConnectionLost: (err) => logger.warn({ err }, "connection lost"),
});
const lake = await openLake({
  config,
  database,
  logger,
  metrics: new ServerMetrics(),
  outside: { ...realOutside, openTraceLake: (options) => openTraceLake(onTrial(options)) },
  processName: randomUUID(),
  // Nobody waits for traces here, and readers look for themselves.
  onSpansSeen: () => Promise.resolve(),
  onCommitted: () => undefined,
  onFatal: (err) => {
    logger.fatal({ err }, "ended");
    process.exit(1);
  },
});

function onTrial(options: TraceLakeOptions): TraceLakeOptions {
  const { maintenance, ...others } = options;
  const onTrialToo = { ...others, refreshIntervalMs: 300, queryLimitMs: 10_000, trial: TRIAL };
  if (role !== "compactor" || maintenance === undefined) return onTrialToo;
  return { ...onTrialToo, maintenance: eager(maintenance) };
}

/** Small files, soon; and no lease that would keep two of its kind apart. */
function eager(maintenance: LakeMaintenanceOptions): LakeMaintenanceOptions {
  return {
    ...maintenance,
    lease: everybodysLease(database),
    settings: {
      mergeFiles: 4,
      targetBytes: 128 * 1024,
      sortIntervalMs: 3_000,
      retentionDays: 0,
    },
    intervalMs: 250,
    vacuumIntervalMs: 1_500,
    firstRetryMs: 250,
  };
}

function everybodysLease({ leases }: Database): LakeMaintenanceOptions["lease"] {
  const name = "chaos-maintenance";
  return {
    leaseMs: 60_000,
    // A holder of its own each time, and a lease that is over when the next one asks.
    async take(above) {
      const epoch = await leases.acquireEpoch({ name, holder: randomUUID(), leaseMs: 0 }, above);
      return epoch ?? this.take(above);
    },
    extend: async () => true,
    release: async () => {},
  };
}

const server = createServer((request, response) => {
  answer(request).then(
    (value) => response.end(JSON.stringify(value)),
    (error: unknown) => {
      const isTemporary = isScouterError(error) && error.retryable;
      response.writeHead(isTemporary ? 503 : 500);
      response.end(error instanceof Error ? error.message : String(error));
    },
  );
});

async function answer(request: IncomingMessage): Promise<unknown> {
  if (request.method === "POST") {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    return lake.ingest({ body, format: "otlp-json", contentEncoding: "identity" });
  }
  const traceId = /^\/trace\/([0-9a-f]{32})$/.exec(request.url ?? "")?.[1];
  if (traceId === undefined) return lake.counts();
  return (await lake.spansOf(traceId)).map(({ spanId }) => spanId);
}

// Whoever started it is gone, killed perhaps.
process.stdin.once("close", () => process.exit(1)).resume();
process.once("SIGTERM", () => {
  void (async () => {
    server.close();
    server.closeIdleConnections();
    await lake.flush().catch((err: unknown) => logger.error({ err }, "last flush"));
    await lake.close();
    await database.close();
    process.exit(0);
  })();
});
server.listen(Number(process.env["SCOUTER_CHAOS_PORT"] ?? 0), "127.0.0.1", () => {
  process.stdout.write(`listening ${(server.address() as AddressInfo).port}\n`);
});
