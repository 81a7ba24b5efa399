import { isScouterError } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { readConfig, type Environment } from "./read-config.ts";

function refusal(env: Environment): string {
  try {
    readConfig(env);
  } catch (error) {
    if (isScouterError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "accepted";
}

describe("readConfig", () => {
  it("starts embedded on the loopback address when nothing is set", () => {
    const { config, warnings } = readConfig({}, "/srv/app");
    expect(config).toEqual({
      home: "/srv/app/.scouter",
      instanceName: undefined,
      database: { kind: "embedded", folder: "/srv/app/.scouter/database" },
      lake: {
        folder: "/srv/app/.scouter/lake",
        remote: undefined,
        ingestLogFolder: "/srv/app/.scouter/ingest-log",
        flushIntervalMs: 5000,
        flushSpans: 10_000,
        ingestLeaseMs: 15_000,
        refreshIntervalMs: undefined,
        settle: { quietMs: 2000, limitMs: 300_000 },
        sortIntervalMs: 86_400_000,
        retentionDays: 365,
      },
      http: {
        host: "127.0.0.1",
        api: { kind: "fixed", port: 8000 },
        otlp: { kind: "fixed", port: 4318 },
        metrics: { kind: "fixed", port: 8001 },
        dashboard: true,
        maxBodyBytes: 16_777_216,
        maxInflatedBytes: 134_217_728,
      },
      grpc: {
        api: { kind: "fixed", port: 50_051 },
        otlp: { kind: "fixed", port: 4317 },
        maxMessageBytes: 16_777_216,
      },
      ingest: { acknowledge: "durable", recordConsumers: 4, traceConsumers: 2, tagConsumers: 1 },
      brokers: { kafka: undefined, rabbitmq: undefined, redis: undefined },
      evaluation: {
        workers: 2,
        maxRetries: 3,
        leaseMs: 30_000,
        threads: 2,
        compiledProfiles: 1000,
        traceWait: { timeoutMs: 10_000, rescheduleMs: 30_000 },
        traces: { workers: 1, pollMs: 30_000, pageSize: 250 },
        judge: {
          openAi: { apiKey: undefined, baseUrl: undefined },
          anthropic: { apiKey: undefined, baseUrl: undefined },
          google: { apiKey: undefined, baseUrl: undefined },
          concurrency: 8,
          timeoutMs: 60_000,
          dailyBudgetUsd: undefined,
          prices: [],
        },
      },
      drift: { workers: 4, retentionDays: 30, archiveRetentionDays: 0 },
      alerts: {
        maxRetries: 3,
        standard: { Console: { enabled: true } },
        builtIn: true,
        publicUrl: undefined,
        slack: undefined,
        slackWebhookUrl: undefined,
        opsGenie: undefined,
        pagerDuty: undefined,
        webhook: undefined,
        alertmanager: undefined,
      },
      auth: {
        privateServer: true,
        accessSecret: undefined,
        refreshSecret: undefined,
        bootstrapKey: undefined,
        firstUsername: undefined,
        firstPassword: undefined,
        otlpAnonymous: true,
      },
      log: { level: "info", json: false },
    });
    expect(warnings).toEqual([]);
  });

  it("freezes the configuration at every depth", () => {
    const { config } = readConfig({});
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.http.api)).toBe(true);
  });

  it.each<
    [string, Environment, (config: ReturnType<typeof readConfig>["config"]) => unknown, unknown]
  >([
    [
      "metrics follow the main port",
      { SCOUTER_SERVER_PORT: "9000" },
      (c) => c.http.metrics,
      { kind: "fixed", port: 9001 },
    ],
    [
      "metrics follow a random main port",
      { SCOUTER_SERVER_PORT: "random" },
      (c) => c.http.metrics,
      { kind: "free" },
    ],
    [
      "no port lies after the last",
      { SCOUTER_SERVER_PORT: "65535" },
      (c) => c.http.metrics,
      { kind: "off" },
    ],
    ["0 is any free main port", { SCOUTER_SERVER_PORT: "0" }, (c) => c.http.api, { kind: "free" }],
    [
      "channels of alerts, each with its address",
      {
        SCOUTER_ALERT_CHANNEL: "slack:#ml",
        SLACK_APP_TOKEN: "xoxb-1",
        OPSGENIE_API_KEY: "key",
        SCOUTER_PAGERDUTY_ROUTING_KEY: "routing",
        SCOUTER_PUBLIC_URL: "https://scouter.example/",
      },
      ({ alerts }) => [
        alerts.standard,
        alerts.slack,
        alerts.opsGenie,
        alerts.pagerDuty,
        alerts.publicUrl,
      ],
      [
        { Slack: { channel: "#ml" } },
        { token: "xoxb-1", apiUrl: "https://slack.com/api" },
        { apiKey: "key", alertsUrl: "https://api.opsgenie.com/v2/alerts" },
        { routingKey: "routing", eventsUrl: "https://events.pagerduty.com" },
        "https://scouter.example",
      ],
    ],
    ["0 turns gRPC off", { SCOUTER_GRPC_PORT: "0" }, (c) => c.grpc.api, { kind: "off" }],
    [
      "random OTLP port of gRPC",
      { SCOUTER_OTLP_GRPC_PORT: "random" },
      (c) => c.grpc.otlp,
      { kind: "free" },
    ],
    [
      "one limit for bodies and messages",
      { SCOUTER_MAX_BODY_MB: "2" },
      (c) => c.grpc.maxMessageBytes,
      2_097_152,
    ],
    ["0 turns OTLP off", { SCOUTER_OTLP_HTTP_PORT: "0" }, (c) => c.http.otlp, { kind: "off" }],
    [
      "random OTLP port",
      { SCOUTER_OTLP_HTTP_PORT: "random" },
      (c) => c.http.otlp,
      { kind: "free" },
    ],
    [
      "the other names of keys and addresses of models",
      {
        GOOGLE_API_KEY: "g",
        GEMINI_API_URL: "http://g/v1beta/models",
        OPENAI_BASE_URL: "http://o/v1/",
      },
      ({ evaluation: { judge } }) => [judge.google, judge.openAi.baseUrl],
      [{ apiKey: "g", baseUrl: "http://g/v1beta" }, "http://o/v1"],
    ],
    [
      "own prices",
      { SCOUTER_JUDGE_PRICES: "openai/gpt-4o=2.5:10, local/a/b=0:0" },
      ({ evaluation }) => evaluation.judge.prices,
      [
        { provider: "openai", model: "gpt-4o", inputUsdPerMillion: 2.5, outputUsdPerMillion: 10 },
        { provider: "local", model: "a/b", inputUsdPerMillion: 0, outputUsdPerMillion: 0 },
      ],
    ],
    ["empty counts as unset", { SCOUTER_HOST: "" }, (c) => c.http.host, "127.0.0.1"],
    ["spaces around are dropped", { SCOUTER_HOST: " 0.0.0.0 " }, (c) => c.http.host, "0.0.0.0"],
    ["level in any case", { LOG_LEVEL: "WARN" }, (c) => c.log.level, "warn"],
    ["boolean as digit", { LOG_JSON: "1" }, (c) => c.log.json, true],
    ["boolean in any case", { LOG_JSON: "True" }, (c) => c.log.json, true],
    [
      "file scheme",
      { SCOUTER_STORAGE_URI: "file:///data/lake" },
      (c) => c.lake.folder,
      "/data/lake",
    ],
    [
      "lake in a bucket, with what its client needs to know",
      {
        SCOUTER_STORAGE_URI: "s3://bucket/lake",
        SCOUTER_HOME: "/h",
        SCOUTER_LAKE_CACHE_GB: "0.5",
        AWS_REGION: "eu-west-1",
        PATH: "/bin",
      },
      (c) => [c.lake.folder, c.lake.remote],
      [
        "/h/lake-cache",
        { uri: "s3://bucket/lake", environment: { AWS_REGION: "eu-west-1" }, cacheBytes: 5e8 },
      ],
    ],
    ["relative lake", { SCOUTER_STORAGE_URI: "./lake2" }, (c) => c.lake.folder, "/w/lake2"],
    ["fraction of a megabyte", { SCOUTER_MAX_BODY_MB: "0.5" }, (c) => c.http.maxBodyBytes, 524_288],
    ["pod before host", { POD_NAME: "p", HOSTNAME: "h" }, (c) => c.instanceName, "p"],
    [
      "postgres",
      { DATABASE_URI: "postgresql://u:p@h/d", MAX_POOL_SIZE: "7", DB_ACQUIRE_TIMEOUT_SECONDS: "3" },
      (c) => c.database,
      { kind: "postgres", uri: "postgresql://u:p@h/d", maxPoolSize: 7, connectTimeoutMs: 3000 },
    ],
  ])("%s", (_name, env, pick, expected) => {
    expect(pick(readConfig(env, "/w").config)).toEqual(expected);
  });

  it.each<[Environment, string]>([
    [
      { SCOUTER_ARCHIVE_RETENTION_DAYS: "30" },
      "SCOUTER_ARCHIVE_RETENTION_DAYS: found '30', expected 0, or more days than the 30 of DATA_RETENTION_PERIOD, for which rows stay in the database",
    ],
    [
      { OPENAI_API_URL: "localhost:1" },
      "OPENAI_API_URL is 'localhost:1': expected a URL that begins with http:// or https://",
    ],
    [
      { SCOUTER_JUDGE_PRICES: "gpt-4o=1" },
      "SCOUTER_JUDGE_PRICES is 'gpt-4o=1': expected a list of provider/model=input:output, US dollars for a million tokens, such as 'openai/gpt-4o=2.5:10'",
    ],
    [
      { SCOUTER_SERVER_PORT: "http" },
      "SCOUTER_SERVER_PORT is 'http': expected a port from 1 to 65535, or '0' or 'random' (any free port)",
    ],
    [
      { SCOUTER_SERVER_PORT: "65536" },
      "SCOUTER_SERVER_PORT is '65536': expected a port from 1 to 65535, or '0' or 'random' (any free port)",
    ],
    [
      { SCOUTER_OTLP_HTTP_PORT: "-1" },
      "SCOUTER_OTLP_HTTP_PORT is '-1': expected a port from 1 to 65535, '0' (off) or 'random' (any free port)",
    ],
    [
      { GENAI_WORKER_COUNT: "1.5" },
      "GENAI_WORKER_COUNT is '1.5': expected an integer from 0 to 64",
    ],
    [{ GENAI_WORKER_COUNT: "65" }, "GENAI_WORKER_COUNT is '65': expected an integer from 0 to 64"],
    [
      { SCOUTER_INGEST_ACK: "fast" },
      "SCOUTER_INGEST_ACK is 'fast': expected 'durable' or 'queued'",
    ],
    [{ LOG_JSON: "yes" }, "LOG_JSON is 'yes': expected 'true' or 'false'"],
    [
      { LOG_LEVEL: "loud" },
      "LOG_LEVEL is 'loud': expected 'trace' or 'debug' or 'info' or 'warn' or 'error' or 'fatal' or 'silent'",
    ],
    [
      { SCOUTER_MAX_BODY_MB: "0" },
      "SCOUTER_MAX_BODY_MB is '0': expected a number from 0.001 to 512 (megabytes of 2^20 bytes)",
    ],
    [
      { SCOUTER_STORAGE_URI: "ftp://host/lake" },
      "SCOUTER_STORAGE_URI is 'ftp://host/lake': expected a path of a local folder, or s3://bucket/folder, gs://bucket/folder, az://container/folder",
    ],
    [
      { SCOUTER_STORAGE_URI: "s3://bucket//lake" },
      "SCOUTER_STORAGE_URI is 's3://bucket//lake': expected a path of a local folder, or s3://bucket/folder, gs://bucket/folder, az://container/folder",
    ],
    [
      { SCOUTER_HOME: "s3://bucket" },
      "SCOUTER_HOME is 's3://bucket': expected a path of a local folder",
    ],
  ])("refuses %o", (env, problem) => {
    expect(refusal(env)).toBe(
      `SERVER_CONFIG_INVALID: an environment variable has a bad value: ${problem}`,
    );
  });

  it("names every bad variable at once", () => {
    expect(refusal({ LOG_JSON: "maybe", GENAI_MAX_RETRIES: "x" })).toBe(
      "SERVER_CONFIG_INVALID: 2 environment variables have bad values: GENAI_MAX_RETRIES is 'x': expected an integer from 0 to 100; LOG_JSON is 'maybe': expected 'true' or 'false'",
    );
  });

  it("never shows a secret", () => {
    const given = { DATABASE_URI: "mysql://root:hunter2@db/x" };
    expect(refusal(given)).toContain("DATABASE_URI is (hidden): expected a URI");
    expect(refusal(given)).not.toContain("hunter2");
  });

  const long = "x".repeat(32);
  it.each([
    ["a short key", { SCOUTER_ENCRYPT_SECRET: "hunter2" }],
    [
      "the key that everybody knows",
      { SCOUTER_BOOTSTRAP_KEY: "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=" },
    ],
    ["one key for both", { SCOUTER_ENCRYPT_SECRET: long, SCOUTER_REFRESH_SECRET: long }],
    ["a short password", { SCOUTER_DEFAULT_PASSWORD: "hunter2" }],
  ])("refuses %s without showing it", (_name, env) => {
    const text = refusal(env);
    expect(text).toContain(Object.keys(env)[0]);
    for (const value of Object.values(env)) expect(text).not.toContain(value);
  });

  it.each<[string, Environment, boolean, boolean]>([
    ["nothing", {}, true, true],
    ["another loopback address", { SCOUTER_HOST: "127.1.2.3" }, true, true],
    ["IPv6 loopback", { SCOUTER_HOST: "::1" }, true, true],
    ["every address", { SCOUTER_HOST: "0.0.0.0" }, false, false],
    ["a name that only looks like loopback", { SCOUTER_HOST: "127.example.com" }, false, false],
    ["PostgreSQL", { DATABASE_URI: "postgresql://h/d" }, false, false],
    ["no spans without a token", { SCOUTER_OTLP_ANONYMOUS: "false" }, true, false],
    ["spans from all", { SCOUTER_HOST: "::", SCOUTER_OTLP_ANONYMOUS: "true" }, false, true],
  ])("with %s: private %s, anonymous spans %s", (_name, env, privateServer, otlpAnonymous) => {
    expect(readConfig(env).config.auth).toMatchObject({ privateServer, otlpAnonymous });
  });

  it("warns once per reason of variables without effect, never with their values", () => {
    const { warnings } = readConfig({
      DB_IDLE_TIMEOUT_SECONDS: "hunter1",
      MIN_POOL_SIZE: "hunter2",
      SCOUTER_OBJECT_CACHE_MB: "hunter3",
      SCOUTER_SERVER_URI: "http://x",
    });
    expect(warnings).toEqual([
      "MIN_POOL_SIZE, DB_IDLE_TIMEOUT_SECONDS without effect: the connection pool looks after this itself",
      "SCOUTER_OBJECT_CACHE_MB without effect: SCOUTER_LAKE_CACHE_GB takes its place",
    ]);
  });

  it.each([
    [
      "SCOUTER_SEVER_PORT",
      "unknown variable SCOUTER_SEVER_PORT: did you mean SCOUTER_SERVER_PORT?",
    ],
    ["SCOUTER_HOMES", "unknown variable SCOUTER_HOMES: did you mean SCOUTER_HOME?"],
    ["SCOUTER_FLUX_CAPACITOR_GIGAWATTS", "unknown variable SCOUTER_FLUX_CAPACITOR_GIGAWATTS"],
  ])("warns of %s", (name, warning) => {
    expect(readConfig({ [name]: "1" }).warnings).toEqual([warning]);
  });

  it("says nothing about other programs' variables", () => {
    expect(readConfig({ PATH: "/bin", HOME: "/root", NODE_ENV: "test" }).warnings).toEqual([]);
  });
});
