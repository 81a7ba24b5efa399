import path from "node:path";
import { storeEnvironmentOf } from "@scouter/delta";
import { errors } from "../errors.ts";
import { brokersOf, isHalfKafkaLogin } from "./brokers-config.ts";
import type { Config } from "./config.ts";
import { closestName } from "./closest-name.ts";
import { isLoopback } from "./loopback.ts";
import type { PortSetting } from "./value-schema.ts";
import type { Values } from "./values.ts";
import { isSetting, type Setting, type Variable } from "./variable.ts";
import { settings, variables } from "./variables.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigReading {
  readonly config: Config;
  /** For the start log: variables that are set without effect, and likely slips of the pen. Never a secret. */
  readonly warnings: readonly string[];
}

/**
 * Reads the whole configuration. Relative folders are relative to `workingFolder`.
 *
 * @throws `SERVER_CONFIG_INVALID` naming every bad variable at once.
 */
export function readConfig(env: Environment, workingFolder: string = process.cwd()): ConfigReading {
  return {
    config: configOf(readValues(env), env, workingFolder),
    warnings: [...ignoredWarnings(env), ...unknownWarnings(env)],
  };
}

function readValues(env: Environment): Values {
  const problems: string[] = [];
  const values = Object.entries<Setting<unknown>>(settings).map(([name, setting]) => {
    // An empty variable counts as unset: compose files cannot unset one.
    const given = env[name]?.trim() || undefined;
    const raw = given ?? setting.default;
    if (raw === undefined) return [name, undefined];
    const result = setting.value.schema.safeParse(raw);
    if (!result.success) problems.push(problem(name, raw, setting));
    return [name, result.data];
  });
  const found = Object.fromEntries(values) as Values;
  if (sameSecrets(found)) problems.push(SAME_SECRETS);
  if (isHalfWebhook(found)) problems.push(HALF_WEBHOOK);
  if (isHalfKafkaLogin(found)) problems.push(HALF_KAFKA_LOGIN);
  if (isShortArchive(found)) problems.push(shortArchive(found));
  if (problems.length > 0) throw errors.SERVER_CONFIG_INVALID({ problems });
  return found;
}

const SAME_SECRETS =
  "SCOUTER_ENCRYPT_SECRET and SCOUTER_REFRESH_SECRET are the same: expected two different texts";

/** With one key for both, an access token would pass for a refresh token. */
function sameSecrets({ SCOUTER_ENCRYPT_SECRET: access, SCOUTER_REFRESH_SECRET: refresh }: Values) {
  return access !== undefined && access === refresh;
}

/** What is deleted as soon as it comes was not worth the way. */
function isShortArchive({
  SCOUTER_ARCHIVE_RETENTION_DAYS: archive,
  DATA_RETENTION_PERIOD: database,
}: Values): boolean {
  return archive !== undefined && archive > 0 && database !== undefined && archive <= database;
}

function shortArchive({
  SCOUTER_ARCHIVE_RETENTION_DAYS: archive,
  DATA_RETENTION_PERIOD: database,
}: Values): string {
  return `SCOUTER_ARCHIVE_RETENTION_DAYS: found '${archive}', expected 0, or more days than the ${database} of DATA_RETENTION_PERIOD, for which rows stay in the database`;
}

const HALF_WEBHOOK =
  "SCOUTER_WEBHOOK_URL and SCOUTER_WEBHOOK_SECRET: expected both or neither, since what is posted is signed";

function isHalfWebhook({ SCOUTER_WEBHOOK_URL: url, SCOUTER_WEBHOOK_SECRET: key }: Values) {
  return (url === undefined) !== (key === undefined);
}

const HALF_KAFKA_LOGIN = "KAFKA_USERNAME and KAFKA_PASSWORD: expected both or neither";

function problem(name: string, given: string, setting: Setting<unknown>): string {
  const shown = setting.secret ? "(hidden)" : `'${given}'`;
  return `${name} is ${shown}: expected ${setting.value.allowed}`;
}

function configOf(values: Values, env: Environment, workingFolder: string): Config {
  const home = path.resolve(workingFolder, values.SCOUTER_HOME);
  const config: Config = {
    home,
    instanceName: values.POD_NAME ?? values.HOSTNAME,
    database:
      values.DATABASE_URI === undefined
        ? { kind: "embedded", folder: path.join(home, "database") }
        : {
            kind: "postgres",
            uri: values.DATABASE_URI,
            maxPoolSize: values.MAX_POOL_SIZE,
            connectTimeoutMs: values.DB_ACQUIRE_TIMEOUT_SECONDS * 1000,
          },
    lake: {
      ...lakePlace(values, env, home, workingFolder),
      ingestLogFolder: path.join(home, "ingest-log"),
      flushIntervalMs: values.SCOUTER_TRACE_FLUSH_INTERVAL_SECS * 1000,
      refreshIntervalMs: msOf(values.SCOUTER_TRACE_REFRESH_INTERVAL_SECS),
      settle: {
        quietMs: values.TRACE_STALE_THRESHOLD_SECONDS * 1000,
        limitMs: values.SCOUTER_TRACE_LIMIT_SECS * 1000,
      },
      flushSpans: values.SCOUTER_TRACE_BUFFER_SIZE,
      ingestLeaseMs: values.SCOUTER_INGEST_LEASE_SECS * 1000,
      sortIntervalMs: values.SCOUTER_TRACE_COMPACTION_INTERVAL_HOURS * 3_600_000,
      retentionDays: values.TRACE_DATA_RETENTION_PERIOD,
    },
    http: {
      host: values.SCOUTER_HOST,
      api: values.SCOUTER_SERVER_PORT,
      otlp: values.SCOUTER_OTLP_HTTP_PORT,
      metrics: values.SCOUTER_METRICS_PORT ?? portAfter(values.SCOUTER_SERVER_PORT),
      dashboard: values.SCOUTER_DASHBOARD === "on",
      maxBodyBytes: bytesOf(values.SCOUTER_MAX_BODY_MB),
      maxInflatedBytes: bytesOf(values.SCOUTER_MAX_INFLATED_BODY_MB),
    },
    grpc: {
      api: values.SCOUTER_GRPC_PORT,
      otlp: values.SCOUTER_OTLP_GRPC_PORT,
      maxMessageBytes: bytesOf(values.SCOUTER_MAX_BODY_MB),
    },
    ingest: {
      acknowledge: values.SCOUTER_INGEST_ACK,
      recordConsumers: values.SERVER_RECORD_CONSUMER_WORKERS,
      traceConsumers: values.TRACE_CONSUMER_WORKERS,
      tagConsumers: values.TAG_CONSUMER_WORKERS,
    },
    brokers: brokersOf(values),
    evaluation: evaluationOf(values),
    drift: {
      workers: values.POLLING_WORKER_COUNT,
      retentionDays: values.DATA_RETENTION_PERIOD,
      archiveRetentionDays: values.SCOUTER_ARCHIVE_RETENTION_DAYS,
    },
    alerts: alertsOf(values),
    auth: authOf(values),
    log: { level: values.LOG_LEVEL, json: values.LOG_JSON },
  };
  return deepFreeze(config);
}

function msOf(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

function lakePlace(
  values: Values,
  env: Environment,
  home: string,
  workingFolder: string,
): Pick<Config["lake"], "folder" | "remote"> {
  const place = values.SCOUTER_STORAGE_URI;
  if (place?.kind === "remote") {
    const cacheBytes = values.SCOUTER_LAKE_CACHE_GB * 1e9;
    const remote = { uri: place.uri, environment: storeEnvironmentOf(env), cacheBytes };
    return { folder: path.join(home, "lake-cache"), remote };
  }
  const folder = place ? path.resolve(workingFolder, place.folder) : path.join(home, "lake");
  return { folder, remote: undefined };
}

function evaluationOf(values: Values): Config["evaluation"] {
  return {
    workers: values.GENAI_WORKER_COUNT,
    threads: values.SCOUTER_EVALUATION_THREADS,
    maxRetries: values.GENAI_MAX_RETRIES,
    leaseMs: values.SCOUTER_EVALUATION_LEASE_SECS * 1000,
    compiledProfiles: values.ENTITY_CACHE_MAX_SIZE,
    traceWait: {
      timeoutMs: values.GENAI_TRACE_WAIT_TIMEOUT_SECS * 1000,
      rescheduleMs: values.GENAI_TRACE_RESCHEDULE_DELAY_SECS * 1000,
    },
    traces: {
      workers: Math.min(1, values.TRACE_EVAL_WORKER_COUNT),
      pollMs: values.TRACE_EVAL_POLL_INTERVAL_SECS * 1000,
      pageSize: values.TRACE_EVAL_DISPATCH_PAGE_SIZE,
    },
    judge: {
      openAi: {
        apiKey: values.OPENAI_API_KEY,
        baseUrl: values.OPENAI_API_URL ?? values.OPENAI_BASE_URL,
      },
      anthropic: { apiKey: values.ANTHROPIC_API_KEY, baseUrl: values.ANTHROPIC_API_URL },
      google: {
        apiKey: values.GEMINI_API_KEY ?? values.GOOGLE_API_KEY,
        // The reference's value ends with the collection of models; ours is where the API begins.
        baseUrl: values.GEMINI_API_URL?.replace(/\/models$/, ""),
      },
      concurrency: values.SCOUTER_JUDGE_CONCURRENCY,
      timeoutMs: values.SCOUTER_JUDGE_TIMEOUT_SECS * 1000,
      dailyBudgetUsd: values.SCOUTER_JUDGE_DAILY_BUDGET_USD,
      prices: values.SCOUTER_JUDGE_PRICES ?? [],
    },
  };
}

function alertsOf(values: Values): Config["alerts"] {
  const {
    SLACK_APP_TOKEN: token,
    OPSGENIE_API_KEY: apiKey,
    SCOUTER_PAGERDUTY_ROUTING_KEY: routingKey,
    SCOUTER_WEBHOOK_URL: url,
    SCOUTER_WEBHOOK_SECRET: signingSecret,
    SCOUTER_ALERTMANAGER_URL: baseUrl,
  } = values;
  return {
    maxRetries: values.MAX_RETRIES,
    standard: values.SCOUTER_ALERT_CHANNEL,
    builtIn: values.SCOUTER_BUILT_IN_ALERTS,
    publicUrl: values.SCOUTER_PUBLIC_URL,
    slack: token === undefined ? undefined : { token, apiUrl: values.SLACK_API_URL },
    slackWebhookUrl: values.SCOUTER_SLACK_WEBHOOK_URL,
    opsGenie: apiKey === undefined ? undefined : { apiKey, alertsUrl: values.OPSGENIE_API_URL },
    pagerDuty:
      routingKey === undefined
        ? undefined
        : { routingKey, eventsUrl: values.SCOUTER_PAGERDUTY_URL },
    webhook:
      url === undefined || signingSecret === undefined ? undefined : { url, secret: signingSecret },
    alertmanager: baseUrl === undefined ? undefined : { baseUrl },
  };
}

function authOf(values: Values): Config["auth"] {
  const privateServer = values.DATABASE_URI === undefined && isLoopback(values.SCOUTER_HOST);
  return {
    privateServer,
    accessSecret: values.SCOUTER_ENCRYPT_SECRET,
    refreshSecret: values.SCOUTER_REFRESH_SECRET,
    bootstrapKey: values.SCOUTER_BOOTSTRAP_KEY,
    firstUsername: values.SCOUTER_DEFAULT_USERNAME,
    firstPassword: values.SCOUTER_DEFAULT_PASSWORD,
    otlpAnonymous: values.SCOUTER_OTLP_ANONYMOUS ?? privateServer,
  };
}

function bytesOf(megabytes: number): number {
  return Math.floor(megabytes * 2 ** 20);
}

function portAfter(port: PortSetting): PortSetting {
  if (port.kind !== "fixed") return { kind: "free" };
  return port.port < 65_535 ? { kind: "fixed", port: port.port + 1 } : { kind: "off" };
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

/** One warning per reason, so that a copied environment file gives a few lines, not thirty. */
function ignoredWarnings(env: Environment): string[] {
  const namesByReason = new Map<string, string[]>();
  for (const [name, variable] of Object.entries<Variable>(variables)) {
    if (variable.use !== "ignored" || (env[name] ?? "") === "") continue;
    namesByReason.set(variable.purpose, [...(namesByReason.get(variable.purpose) ?? []), name]);
  }
  return [...namesByReason].map(
    ([reason, names]) => `${names.join(", ")} without effect: ${reason}`,
  );
}

function unknownWarnings(env: Environment): string[] {
  const known = new Map<string, Variable>(Object.entries<Variable>(variables));
  const ownNames = [...known].filter(([, row]) => isSetting(row)).map(([name]) => name);
  return Object.keys(env)
    .filter((name) => name.startsWith("SCOUTER_") && !known.has(name))
    .map((name) => {
      const close = closestName(name, ownNames);
      return close === undefined
        ? `unknown variable ${name}`
        : `unknown variable ${name}: did you mean ${close}?`;
    });
}
