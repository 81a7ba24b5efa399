import type { AlertChannels } from "@scouter/alerts";
import type { Database } from "@scouter/database";
import { vocabularyWith, type Vocabulary } from "@scouter/evaluate";
import type { TraceLake } from "@scouter/lake";
import { makeAlertChannels } from "./alerts/make-alert-channels.ts";
import type { EvaluatedCharts } from "./archive/evaluated-charts.ts";
import type { ObservedCharts } from "./archive/observed-charts.ts";
import type { ObservedWindows } from "./archive/observed-windows.ts";
import { grpcEndpoint, httpEndpoint, listen, type Listener } from "./compose/listeners.ts";
import {
  type Archives,
  makeArchiving,
  makeCharts,
  openArchives,
} from "./compose/make-archiving.ts";
import { makeBrokers } from "./compose/make-brokers.ts";
import { makeDrift } from "./compose/make-drift.ts";
import { openLogin, type Login } from "./compose/open-login.ts";
import { openLake } from "./compose/open-lake.ts";
import { realOutside, type Outside } from "./compose/outside.ts";
import { makeTraceActivity, type TraceActivityParts } from "./compose/make-trace-activity.ts";
import { Shutdown } from "./compose/shutdown.ts";
import { uuidV7 } from "./compose/uuid-v7.ts";
import { within } from "./compose/within.ts";
import type { Config } from "./config/config.ts";
import type { ConfigReading } from "./config/read-config.ts";
import { errors } from "./errors.ts";
import { makeJudging } from "./evaluation/make-judging.ts";
import { PauseNotices } from "./evaluation/pause-notices.ts";
import { EvaluationThreads } from "./evaluation/thread/evaluation-threads.ts";
import { createOtlpGrpc, createScouterGrpc } from "./grpc/listeners.ts";
import { openHome, openSharedHome } from "./home/home-folder.ts";
import { createApiApp } from "./http/api-app.ts";
import { dashboardFolder, readDashboard } from "./http/dashboard/dashboard-files.ts";
import { dashboardReply } from "./http/dashboard/dashboard-reply.ts";
import { createMetricsApp } from "./http/metrics-app.ts";
import { createOtlpApp } from "./http/otlp-app.ts";
import { Ingest, type IngestEvents } from "./ingest/ingest.ts";
import { makeLogger, type Logger } from "./log/make-logger.ts";
import { ServerMetrics } from "./metrics/server-metrics.ts";
import { SERVER_VERSION } from "./version.ts";
import type { EvaluationEvents } from "./workers/evaluation-parts.ts";
import { EvaluationWorkers } from "./workers/evaluation-worker.ts";
import { TraceEvaluation } from "./workers/trace-evaluation.ts";
import { MaintenanceWorker } from "./workers/maintenance-worker.ts";

/** Addresses without a trailing slash; null when the listener is off or its port was taken. */
export interface ServerUrls {
  readonly http: string;
  readonly otlpHttp: string | null;
  /** Our gRPC services. */
  readonly grpc: string | null;
  readonly otlpGrpc: string | null;
  readonly metrics: string | null;
}

export interface System {
  /**
   * Opens everything in order, listeners last; resolves when the server is ready. After a rejection everything that
   * was opened is closed again.
   *
   * @throws `SERVER_HOME_*`, `SERVER_PORT_TAKEN`, `SERVER_LISTEN_FAILED`, or what the database and the lake reject with
   */
  start(): Promise<{ readonly urls: ServerUrls }>;
  /** Closes everything in order, without losing what was acknowledged. Never rejects; calls after the first wait. */
  stop(reason: string): Promise<void>;
  /** Resolves with the error when a part ended that the server cannot do without; the caller should stop and exit. */
  readonly failed: Promise<unknown>;
  readonly logger: Logger;
}

/** How long work under way may take before it is cut, and again after that. */
const DRAIN_MS = 5000;

/** Builds the server from its configuration. Nothing is opened before `start`. */
export function compose(
  { config, warnings }: ConfigReading,
  outside: Outside = realOutside,
): System {
  const logger = makeLogger(config.log, outside.logOutput);
  const shutdown = new Shutdown(logger);
  const failure = Promise.withResolvers<unknown>();
  const onFatal = (err: unknown) => {
    logger.fatal({ err }, "a part ended that the server cannot do without");
    failure.resolve(err);
  };

  const start = async () => {
    for (const warning of warnings) logger.warn(`configuration: ${warning}`);
    const metrics = new ServerMetrics();
    const { clock, alertChannels: others } = outside;
    const alertChannels = makeAlertChannels({ config: config.alerts, logger, clock, others });

    lockHome(config, outside, shutdown);
    const database = await openDatabase(config, outside, logger, shutdown);
    const processName = `${config.instanceName ?? outside.hostName}/${outside.pid}/${clock.now()}`;
    const traces = makeTraceActivity({ config, database, clock, logger, processName });
    const { onSpansSeen, onCommitted } = traces;
    const lakeParts = { config, database, logger, metrics, outside, processName, onFatal };
    const lake = await openLake({ ...lakeParts, onSpansSeen, onCommitted });
    traces.use(lake);
    shutdown.push("lake closed", () => lake.close());
    const archives = openArchives(config, outside);
    shutdown.push("archive closed", () => archives.close());
    shutdown.push("lake flushed", () => lake.flush());

    const login = await openLogin({ config, database, logger, outside });

    const vocabulary = vocabularyWith(outside.evaluationExtensions ?? {});
    const parts = {
      config,
      outside,
      database,
      lake,
      archives,
      ...makeCharts(database, archives),
      logger,
      metrics,
      alertChannels,
      processName,
      traces,
      vocabulary,
    };
    const workers = makeWorkers(parts);
    const apps = await makeApps(parts, workers, login);
    shutdown.push("work that did not end was cut, leases released", async () => {
      await workers.cut();
      apps.cut();
    });
    shutdown.push("work under way ended or its time is over", () =>
      within(DRAIN_MS, Promise.all([workers.drained(), apps.closed()])),
    );
    shutdown.push("workers told to end", () => void workers.drained());
    await workers.start();

    shutdown.push("not ready, nothing accepted any more", () => apps.close());
    const urls = await apps.listen();
    logStart(config, database, urls, logger);
    return { urls };
  };

  return {
    logger,
    failed: failure.promise,
    stop: (reason) => shutdown.run(reason),
    start: () =>
      start().catch(async (error: unknown) => {
        await shutdown.run("the start failed");
        throw error;
      }),
  };
}

interface Parts {
  readonly config: Config;
  readonly outside: Outside;
  readonly database: Database;
  readonly lake: TraceLake;
  readonly archives: Archives;
  readonly charts: ObservedCharts;
  readonly evaluatedCharts: EvaluatedCharts;
  readonly observedWindows: ObservedWindows;
  readonly logger: Logger;
  readonly metrics: ServerMetrics;
  readonly alertChannels: AlertChannels;
  readonly vocabulary: Vocabulary;
  /** Unique over processes. */
  readonly processName: string;
  readonly traces: TraceActivityParts;
}

function lockHome(config: Config, outside: Outside, shutdown: Shutdown): void {
  const { pid, hostName, clock } = outside;
  const startedAt = new Date(clock.now()).toISOString();
  // With a database server nothing in the folder is one process's own.
  if (config.database.kind === "postgres") return openSharedHome(config.home, startedAt);
  const lock = openHome(config.home, { pid, hostName, startedAt });
  shutdown.push("home folder released", () => lock.release());
}

async function openDatabase(
  config: Config,
  outside: Outside,
  logger: Logger,
  shutdown: Shutdown,
): Promise<Database> {
  const { clock } = outside;
  const database =
    config.database.kind === "embedded"
      ? await outside.openPglite({ folder: config.database.folder, clock })
      : await outside.openPostgres({
          uri: config.database.uri,
          clock,
          maxPoolSize: config.database.maxPoolSize,
          connectTimeoutMs: config.database.connectTimeoutMs,
          onConnectionLost: (err) => logger.warn({ err }, "connection to the database lost"),
        });
  shutdown.push("database closed", () => database.close());
  return database;
}

type Workers = ReturnType<typeof makeWorkers>;

/** Everything that runs between the listeners and the stores. */
function makeWorkers(parts: Parts) {
  const { config, outside, database, lake, logger, metrics, processName, traces, vocabulary } =
    parts;
  const { clock } = outside;
  const ingest = new Ingest({
    database,
    lake,
    clock,
    config: config.ingest,
    events: ingestEvents(metrics, logger),
  });
  const drift = makeDrift({ ...parts, clock, processName });
  const brokers = makeBrokers({ ...parts, ingest, clock, random: Math.random, processName });
  const threadCount = config.evaluation.threads;
  const threads = threadCount > 0 ? new EvaluationThreads({ size: threadCount }) : undefined;
  const pauses = new PauseNotices({
    database,
    processName,
    onTrouble: (err) => logger.warn({ err }, "pauses of models' providers are not shared"),
  });
  const judging = makeJudging({
    config: config.evaluation.judge,
    database,
    clock,
    random: Math.random,
    providers: outside.judgeProviders ?? new Map(),
    onTrouble: (err) => logger.warn({ err }, "the cost of a judge's answer was not stored"),
    onPauseAsked: (provider, ms) => pauses.asked(provider, ms),
  });
  const evaluation = new EvaluationWorkers({
    threads,
    database,
    lake,
    completion: traces.completion,
    judging,
    clock,
    vocabulary,
    config: config.evaluation,
    processName,
    events: evaluationEvents(metrics, logger),
  });
  const traceEvaluation = new TraceEvaluation({
    database,
    lake,
    completion: traces.completion,
    clock,
    config: config.evaluation.traces,
    onDispatched: (records) => metrics.dispatchedRecords.inc(records),
    onTrouble: (err) => logger.warn({ err }, "evaluation of traces waits for the database"),
  });
  const archiving = makeArchiving(parts);
  const maintenance = new MaintenanceWorker({
    database,
    clock,
    traceRetentionDays: config.lake.retentionDays,
    onTrouble: (err) => logger.error({ err }, "maintenance of the database failed"),
  });
  metrics.watch({
    channelDepth: (channel) => ingest.depth(channel),
    lake: () => lake.statistics(),
  });
  metrics.watchDelivery(() => database.producers.services());
  let drained: Promise<unknown> | undefined;
  const drain = () =>
    (drained ??= Promise.all([
      // What brokers sent goes through the channels: these close when the consumers have ended.
      brokers.drain().then(() => ingest.drain()),
      evaluation.drain().then(() => Promise.all([threads?.close(), pauses.stop()])),
      traceEvaluation.stop(),
      drift.drain(),
      maintenance.stop(),
      archiving.stop(),
      traces.stop(),
    ]));
  return {
    ingest,
    async start() {
      ingest.start();
      await traces.start();
      await pauses.start(judging.models);
      await evaluation.start();
      traceEvaluation.start();
      await drift.start();
      maintenance.start();
      archiving.start();
      brokers.start();
    },
    /** Refuses new work; resolves when the old is done. */
    drained: drain,
    async cut() {
      brokers.abort();
      ingest.abort();
      evaluation.abort();
      drift.abort();
      await within(DRAIN_MS, drain());
    },
  };
}

/** Everything that listens at a port. */
async function makeApps(parts: Parts, { ingest }: Workers, login: Login) {
  const { config, outside, database, logger, metrics } = parts;
  const { clock } = outside;
  let accepting = false;
  const checkReadiness = async () => {
    if (!accepting) throw errors.SERVER_STOPPING({});
    await database.ping();
  };
  const frame = { logger, metrics, clock };
  const { authenticator, profileSpaces } = login;
  const access = { authenticator, auth: config.auth };
  const dashboard = config.http.dashboard
    ? dashboardReply(readDashboard(dashboardFolder()))
    : undefined;
  const api = httpEndpoint(await createApiApp({ ...parts, ...login, clock, ingest, dashboard }));
  const otlpHttp = httpEndpoint(
    await createOtlpApp({ ...frame, ...access, ingest, limits: config.http }),
  );
  const metricsApp = httpEndpoint(await createMetricsApp({ ...frame, checkReadiness }));
  const grpcParts = {
    ...frame,
    ...access,
    checkReadiness,
    ingest,
    database,
    profileSpaces,
    newId: () => uuidV7(clock.now()),
    maxMessageBytes: config.grpc.maxMessageBytes,
  };
  const grpc = grpcEndpoint(createScouterGrpc(grpcParts), logger);
  const otlpGrpc = grpcEndpoint(createOtlpGrpc(grpcParts), logger);
  const all = [api, otlpHttp, grpc, otlpGrpc, metricsApp];

  let closing: Promise<unknown> | undefined;
  const close = () => (closing ??= Promise.all(all.map((endpoint) => endpoint.close())));
  return {
    async listen(): Promise<ServerUrls> {
      const { http, grpc: grpcPorts } = config;
      const { host } = http;
      const url = await listen({
        endpoint: api,
        host,
        port: http.api,
        purpose: "HTTP API",
        variable: "SCOUTER_SERVER_PORT",
      });
      accepting = true;
      const ifFree = (listener: Omit<Listener, "host">) =>
        listenIfFree({ ...listener, host }, logger);
      return {
        http: url ?? "",
        otlpHttp: await ifFree({
          endpoint: otlpHttp,
          port: http.otlp,
          purpose: "OTLP over HTTP",
          variable: "SCOUTER_OTLP_HTTP_PORT",
        }),
        grpc: await ifFree({
          endpoint: grpc,
          port: grpcPorts.api,
          purpose: "gRPC",
          variable: "SCOUTER_GRPC_PORT",
        }),
        otlpGrpc: await ifFree({
          endpoint: otlpGrpc,
          port: grpcPorts.otlp,
          purpose: "OTLP over gRPC",
          variable: "SCOUTER_OTLP_GRPC_PORT",
        }),
        metrics: await ifFree({
          endpoint: metricsApp,
          port: http.metrics,
          purpose: "metrics and health",
          variable: "SCOUTER_METRICS_PORT",
        }),
      };
    },
    /** Not waited for: requests under way still need the workers. */
    close() {
      accepting = false;
      void close();
    },
    closed: close,
    cut() {
      for (const endpoint of all) endpoint.cut?.();
    },
  };
}

/** For a listener that the server can do without: a taken port is no reason not to start. */
async function listenIfFree(listener: Listener, logger: Logger): Promise<string | null> {
  try {
    return await listen(listener);
  } catch (err) {
    logger.warn({ err }, "listener left out");
    return null;
  }
}

function ingestEvents(metrics: ServerMetrics, logger: Logger): IngestEvents {
  return {
    channelObserver: (channel) => metrics.channelObserver(channel),
    onRecordsStored: (count) => metrics.recordsStored.inc(count),
    onLostAfterReply(channel, err) {
      metrics.lostAfterReply.inc({ channel });
      logger.error({ err, channel }, "lost after it was answered (SCOUTER_INGEST_ACK=queued)");
    },
    onSpanTagsLost: (count, err) =>
      logger.error({ err, count }, "tags of stored spans could not be stored"),
  };
}

function evaluationEvents(metrics: ServerMetrics, logger: Logger): EvaluationEvents {
  return {
    onEvaluated(tookMs) {
      metrics.evaluatedRecords.inc({ outcome: "done" });
      metrics.evaluationSeconds.observe(tookMs / 1000);
    },
    onJudged({ calls, cachedCalls, savedCalls, inputTokens, outputTokens, costUsd }) {
      metrics.judgeCalls.inc({ outcome: "asked" }, calls);
      metrics.judgeCalls.inc({ outcome: "cached" }, cachedCalls);
      metrics.judgeCalls.inc({ outcome: "saved" }, savedCalls);
      metrics.judgeTokens.inc({ direction: "input" }, inputTokens);
      metrics.judgeTokens.inc({ direction: "output" }, outputTokens);
      metrics.judgeCostUsd.inc(costUsd ?? 0);
    },
    onFailed(recordUid, err, retryInMs) {
      metrics.evaluatedRecords.inc({ outcome: retryInMs === undefined ? "given up" : "failed" });
      logger.warn({ err, recordUid, retryInMs }, "evaluation of a record failed");
    },
    onTrouble: (err) => logger.warn({ err }, "evaluation worker waits for the database"),
  };
}

function logStart(config: Config, database: Database, urls: ServerUrls, logger: Logger): void {
  const embedded = config.database.kind === "embedded";
  logger.info(
    {
      version: SERVER_VERSION,
      database: embedded ? "embedded" : "postgresql",
      home: config.home,
      lake: config.lake.remote?.uri ?? config.lake.folder,
      ...urls,
    },
    "ready",
  );
  logger.info(
    database.capabilities.durability === "power"
      ? "what is acknowledged survives a killed process and a power cut"
      : "what is acknowledged survives a killed process, records and profiles not a power cut: the embedded database never syncs its files (set DATABASE_URI to a PostgreSQL server for that)",
  );
  if (config.ingest.acknowledge === "queued") {
    logger.warn("SCOUTER_INGEST_ACK=queued: senders are answered before their data is stored");
  }
  const { privateServer, otlpAnonymous } = config.auth;
  if (otlpAnonymous && !privateServer) {
    logger.warn("SCOUTER_OTLP_ANONYMOUS: everybody who reaches this server can send spans");
  }
}
