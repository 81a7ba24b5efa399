import { EvaluatedCharts } from "../../src/archive/evaluated-charts.ts";
import { ObservedCharts } from "../../src/archive/observed-charts.ts";
import { ObservedWindows } from "../../src/archive/observed-windows.ts";
import { emptyArchive, emptyEvaluationArchive } from "./empty-archive.ts";
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";
import type { Database } from "@scouter/database";
import { builtInVocabulary } from "@scouter/evaluate";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { makeAlertChannels } from "../../src/alerts/make-alert-channels.ts";
import { openLogin, type Login } from "../../src/compose/open-login.ts";
import { readConfig } from "../../src/config/read-config.ts";
import { createApiApp } from "../../src/http/api-app.ts";
import { RouteTable } from "../../src/http/route-table.ts";
import { Ingest } from "../../src/ingest/ingest.ts";
import { makeLogger } from "../../src/log/make-logger.ts";
import { ServerMetrics } from "../../src/metrics/server-metrics.ts";
import { FakeDatabase } from "./fake-database.ts";
import { FakeLake } from "./fake-lake.ts";

export interface ApiFixture {
  /** Calls as an administrator, unless the headers bring their own `authorization`. */
  readonly app: { inject(options: InjectOptions | string): Promise<LightMyRequestResponse> };
  /** Calls as they are. */
  readonly bare: FastifyInstance;
  readonly routes: RouteTable;
  readonly login: Login;
  readonly clock: ManualClock;
  readonly database: FakeDatabase;
  readonly lake: FakeLake;
  readonly ingest: Ingest;
  readonly metrics: ServerMetrics;
  readonly lost: unknown[];
  close(): Promise<void>;
}

/** The API over stand-ins, to be called with `app.inject`. `real` takes the place of the fake database. */
export async function apiFixture(
  env: Record<string, string> = {},
  real?: Database,
): Promise<ApiFixture> {
  const { config } = readConfig(env);
  const fake = new FakeDatabase();
  const database = real ?? fake;
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
  const login = await openLogin({ config, database, outside: { clock }, logger });
  const routes = new RouteTable();
  const alertChannels = makeAlertChannels({ config: config.alerts, logger, clock });
  const vocabulary = builtInVocabulary;
  const charts = new ObservedCharts({ database, archive: emptyArchive });
  const evaluatedCharts = new EvaluatedCharts({ database, archive: emptyEvaluationArchive });
  const observedWindows = new ObservedWindows({
    database,
    observations: emptyArchive,
    evaluations: emptyEvaluationArchive,
  });
  const views = { charts, evaluatedCharts, observedWindows };
  const stores = { database, lake, ingest, alertChannels, vocabulary };
  const parts = { ...stores, ...views, config, clock, metrics, logger, routes };
  const bare = await createApiApp({ ...parts, ...login });
  const admin = await login.authenticator.login(ADMIN, "127.0.0.1");
  const inject = (options: InjectOptions | string) => {
    const request = typeof options === "string" ? { url: options } : options;
    const headers = { authorization: `Bearer ${admin}`, ...request.headers };
    return bare.inject({ ...request, headers });
  };
  const close = async () => {
    await bare.close();
    await ingest.drain();
  };
  return {
    app: { inject },
    bare,
    routes,
    login,
    clock,
    database: fake,
    lake,
    ingest,
    metrics,
    lost,
    close,
  };
}

const ADMIN = { username: "admin", password: "admin" };
