import {
  alertTarget,
  boolean,
  choice,
  choiceAnyCase,
  decimal,
  httpUrl,
  integer,
  localFolder,
  optionalPort,
  password,
  postgresUri,
  prices,
  requiredPort,
  secret,
  storagePlace,
  text,
  username,
} from "./value-schema.ts";
import { brokerSettings } from "./broker-variables.ts";
import { client, ignored, kept, mapped, ours } from "./variable.ts";

/** Settings that have an effect, in the order of the reference page. */
export const settings = {
  SCOUTER_SERVER_PORT: kept(requiredPort, {
    default: "8000",
    purpose: "port of the HTTP API",
  }),
  SCOUTER_HOST: ours(text, {
    default: "127.0.0.1",
    purpose:
      "address that every listener binds to; other machines reach the server only with another value, e.g. 0.0.0.0 (then without well-known users)",
  }),
  SCOUTER_METRICS_PORT: ours(optionalPort, {
    default: undefined,
    purpose: "port of /metrics, /healthz and /readyz; the HTTP API's port + 1 when unset",
  }),
  SCOUTER_OTLP_HTTP_PORT: ours(optionalPort, {
    default: "4318",
    purpose: "port of OTLP over HTTP; POST /v1/traces is on the HTTP API's port as well",
  }),
  SCOUTER_GRPC_PORT: kept(optionalPort, {
    default: "50051",
    purpose: "port of our gRPC services: messages, scenarios, login, health",
  }),
  SCOUTER_OTLP_GRPC_PORT: ours(optionalPort, {
    default: "4317",
    purpose: "port of OTLP over gRPC",
  }),
  SCOUTER_DASHBOARD: ours(choice("on", "off"), {
    default: "on",
    purpose: "whether the HTTP API's port hands out the dashboard at /",
  }),
  SCOUTER_HOME: ours(localFolder, {
    default: "./.scouter",
    purpose:
      "folder of the embedded database, the span log and the lake; one process at a time unless DATABASE_URI is set",
  }),
  SCOUTER_STORAGE_URI: kept(storagePlace, {
    default: undefined,
    purpose:
      "where the lake is; the folder 'lake' in SCOUTER_HOME when unset. Buckets take endpoint, region and credentials from their vendor's own variables (AWS_*, GOOGLE_*, AZURE_*)",
  }),
  SCOUTER_LAKE_CACHE_GB: ours(decimal(0.01, 100_000, "gigabytes of 10^9 bytes"), {
    default: "10",
    purpose:
      "how much of a lake in a bucket is kept on the local disk, in SCOUTER_HOME, where queries read it",
  }),
  DATABASE_URI: kept(postgresUri, {
    default: undefined,
    secret: true,
    purpose: "PostgreSQL 15 or newer; the embedded database in SCOUTER_HOME when unset",
  }),
  MAX_POOL_SIZE: kept(integer(1, 1000, "connections"), {
    // The reference asks for 200, twice what a PostgreSQL server admits unless it was configured.
    default: "10",
    purpose:
      "connections to PostgreSQL, beside one for notifications and up to three of the span log",
  }),
  DB_ACQUIRE_TIMEOUT_SECONDS: kept(integer(1, 600, "seconds"), {
    default: "10",
    purpose: "how long a query waits for a connection before it is refused",
  }),
  SERVER_RECORD_CONSUMER_WORKERS: kept(integer(1, 64), {
    default: "4",
    purpose: "consumers of the channel of records",
  }),
  TRACE_CONSUMER_WORKERS: kept(integer(1, 64), {
    default: "2",
    purpose: "consumers of the channel of spans",
  }),
  TAG_CONSUMER_WORKERS: kept(integer(1, 64), {
    default: "1",
    purpose: "consumers of the channel of tags",
  }),
  GENAI_WORKER_COUNT: kept(integer(0, 64), {
    default: "2",
    purpose: "workers that evaluate agent records; 0: none",
  }),
  GENAI_MAX_RETRIES: kept(integer(0, 100), {
    default: "3",
    purpose: "how often the evaluation of a record is tried again before it is given up as Failed",
  }),
  SCOUTER_EVALUATION_THREADS: ours(integer(0, 64), {
    default: "2",
    purpose:
      "threads at most that evaluate heavy records (long contexts, a thousand tasks and more), started when they come; 0: such records hold the server up",
  }),
  SCOUTER_EVALUATION_LEASE_SECS: ours(decimal(1, 3600, "seconds"), {
    default: "30",
    purpose: "how long a record stays with a worker that says nothing, before another takes it",
  }),
  GENAI_TRACE_WAIT_TIMEOUT_SECS: kept(decimal(0, 600, "seconds"), {
    default: "10",
    purpose: "how long one attempt to evaluate a record waits for the spans of its trace",
  }),
  GENAI_TRACE_RESCHEDULE_DELAY_SECS: kept(decimal(0, 86_400, "seconds"), {
    default: "30",
    purpose:
      "pause before a record of whose trace no span came is tried again; after GENAI_MAX_RETRIES it is Failed",
  }),
  TRACE_EVAL_WORKER_COUNT: kept(integer(0, 64), {
    default: "1",
    purpose:
      "1: traces of an active profile with trace assertions that nobody sent a record for are evaluated too; 0: not by this process; more is taken for 1",
  }),
  TRACE_EVAL_POLL_INTERVAL_SECS: kept(decimal(0.1, 3600, "seconds"), {
    default: "30",
    purpose: "how long such a trace waits when the notice of its end was lost",
  }),
  TRACE_EVAL_DISPATCH_PAGE_SIZE: kept(integer(1, 1000, "traces"), {
    default: "250",
    purpose: "such traces that are looked at together",
  }),
  OPENAI_API_KEY: kept(text, {
    default: undefined,
    secret: true,
    purpose: "key for judges of the provider openai; without it, and without a URL, they err",
  }),
  OPENAI_API_URL: kept(httpUrl, {
    default: undefined,
    purpose:
      "where judges of the provider openai are asked (chat completions), for a proxy or a model server of one's own; OPENAI_BASE_URL when unset",
  }),
  OPENAI_BASE_URL: kept(httpUrl, {
    default: undefined,
    purpose: "see OPENAI_API_URL",
  }),
  ANTHROPIC_API_KEY: kept(text, {
    default: undefined,
    secret: true,
    purpose: "key for judges of the provider anthropic",
  }),
  ANTHROPIC_API_URL: kept(httpUrl, {
    default: undefined,
    purpose: "where judges of the provider anthropic are asked",
  }),
  GEMINI_API_KEY: kept(text, {
    default: undefined,
    secret: true,
    purpose: "key for judges of the providers gemini and google; GOOGLE_API_KEY when unset",
  }),
  GOOGLE_API_KEY: kept(text, {
    default: undefined,
    secret: true,
    purpose: "see GEMINI_API_KEY",
  }),
  GEMINI_API_URL: kept(httpUrl, {
    default: undefined,
    purpose: "where judges of the providers gemini and google are asked",
  }),
  SCOUTER_JUDGE_CONCURRENCY: ours(integer(1, 1000, "calls"), {
    default: "8",
    purpose: "calls of judges at the same time, for each provider",
  }),
  SCOUTER_JUDGE_TIMEOUT_SECS: ours(decimal(0.1, 3600, "seconds"), {
    default: "60",
    purpose: "how long one call of a judge may take",
  }),
  SCOUTER_JUDGE_DAILY_BUDGET_USD: ours(decimal(0, 1_000_000, "US dollars"), {
    default: undefined,
    purpose:
      "what judges may cost for each profile and day (UTC), over all processes of the database; when it is spent, judges err without a call; no limit when unset",
  }),
  SCOUTER_JUDGE_PRICES: ours(prices, {
    default: undefined,
    purpose:
      "prices of models, before those of our list: provider/model=input:output in US dollars for a million tokens, separated by commas",
  }),
  POLLING_WORKER_COUNT: kept(integer(0, 64), {
    default: "4",
    purpose: "workers that compute drift windows; 0: none, and this process plans none",
  }),
  MAX_RETRIES: mapped(integer(0, 100), {
    default: "3",
    purpose: "how often the delivery of an alert is tried again before it is given up",
  }),
  SCOUTER_ALERT_CHANNEL: ours(alertTarget, {
    default: "console",
    purpose: "where alerts go of profiles that name the console, as all do that say nothing",
  }),
  SCOUTER_BUILT_IN_ALERTS: ours(boolean, {
    default: "true",
    purpose:
      "whether the server watches itself (windows given up or missed, no data, alerts undelivered) and tells on SCOUTER_ALERT_CHANNEL",
  }),
  SCOUTER_PUBLIC_URL: ours(httpUrl, {
    default: undefined,
    purpose: "where people reach the dashboard; alerts then link to the window that raised them",
  }),
  SLACK_APP_TOKEN: kept(text, {
    default: undefined,
    secret: true,
    purpose: "token of a Slack app with the scope chat:write; alerts of profiles that name Slack",
  }),
  SLACK_API_URL: kept(httpUrl, {
    default: "https://slack.com/api",
    purpose: "where Slack's Web API begins",
  }),
  SCOUTER_SLACK_WEBHOOK_URL: ours(httpUrl, {
    default: undefined,
    secret: true,
    purpose:
      "a Slack incoming webhook, in place of SLACK_APP_TOKEN; it posts to its own channel whatever the profile names",
  }),
  OPSGENIE_API_KEY: kept(text, {
    default: undefined,
    secret: true,
    purpose: "key of an OpsGenie API integration; alerts of profiles that name OpsGenie",
  }),
  OPSGENIE_API_URL: kept(httpUrl, {
    default: "https://api.opsgenie.com/v2/alerts",
    purpose: "the whole address of OpsGenie's alert API",
  }),
  SCOUTER_PAGERDUTY_ROUTING_KEY: ours(text, {
    default: undefined,
    secret: true,
    purpose: "integration key of a PagerDuty service (Events API v2)",
  }),
  SCOUTER_PAGERDUTY_URL: ours(httpUrl, {
    default: "https://events.pagerduty.com",
    purpose: "where PagerDuty's Events API begins",
  }),
  SCOUTER_WEBHOOK_URL: ours(httpUrl, {
    default: undefined,
    secret: true,
    purpose: "where signed alerts are posted, together with SCOUTER_WEBHOOK_SECRET",
  }),
  SCOUTER_WEBHOOK_SECRET: ours(secret, {
    default: undefined,
    secret: true,
    purpose: "signs what is posted to SCOUTER_WEBHOOK_URL",
  }),
  SCOUTER_ALERTMANAGER_URL: ours(httpUrl, {
    default: undefined,
    secret: true,
    purpose:
      "where Alertmanager begins; user:password@ before the host becomes basic authentication",
  }),
  ENTITY_CACHE_MAX_SIZE: mapped(integer(1, 1_000_000, "profiles"), {
    default: "1000",
    purpose: "compiled profiles that the evaluation workers keep",
  }),
  SCOUTER_INGEST_ACK: ours(choice("durable", "queued"), {
    default: "durable",
    purpose:
      "when senders are answered: 'durable' after their data is stored, 'queued' as soon as it waits in memory (faster, a killed process loses it)",
  }),
  SCOUTER_MAX_BODY_MB: ours(decimal(0.001, 512, "megabytes of 2^20 bytes"), {
    // OpenTelemetry collectors accept 20 MB, exporters send up to 4 MB; 16 leaves room without inviting abuse.
    default: "16",
    purpose:
      "largest request body as sent (before it is inflated), and largest gRPC message after it is inflated",
  }),
  SCOUTER_MAX_INFLATED_BODY_MB: ours(decimal(0.001, 1024, "megabytes of 2^20 bytes"), {
    default: "128",
    purpose: "largest HTTP request body after it is inflated; stops compressed bodies that explode",
  }),
  SCOUTER_TRACE_FLUSH_INTERVAL_SECS: kept(decimal(0.05, 3600, "seconds"), {
    default: "5",
    purpose:
      "longest time that stored spans wait in the span log before they are committed to the lake",
  }),
  SCOUTER_TRACE_REFRESH_INTERVAL_SECS: kept(decimal(0.05, 3600, "seconds"), {
    default: undefined,
    purpose:
      "how long a read may miss what other processes committed when their notice is lost; 1 with DATABASE_URI, else 10",
  }),
  TRACE_STALE_THRESHOLD_SECONDS: kept(decimal(0, 600, "seconds"), {
    default: "2",
    purpose:
      "a trace that is waited for is whole when its root has ended and nothing came for so long; a second more with DATABASE_URI",
  }),
  SCOUTER_TRACE_LIMIT_SECS: ours(decimal(0.1, 86_400, "seconds"), {
    default: "300",
    purpose: "a trace that is waited for and still open after so long is taken as it is",
  }),
  SCOUTER_TRACE_BUFFER_SIZE: kept(integer(1, 10_000_000, "spans"), {
    default: "10000",
    purpose: "spans that start a commit to the lake before the interval ends",
  }),
  SCOUTER_TRACE_COMPACTION_INTERVAL_HOURS: kept(decimal(0.01, 8760, "hours"), {
    default: "24",
    purpose:
      "age at which the lake's files of a day are sorted into files of 128 MB; many small ones are merged at any time",
  }),
  TRACE_DATA_RETENTION_PERIOD: kept(integer(0, 36_500, "days"), {
    default: "365",
    purpose:
      "spans of days longer ago are deleted from the lake, and their baggage from the database; 0 keeps them for ever",
  }),
  DATA_RETENTION_PERIOD: kept(integer(0, 36_500, "days"), {
    default: "30",
    purpose:
      "days that observations of models, and ended evaluation records with their results, stay in the database; older ones move to the lake, where charts find them; 0 moves none",
  }),
  SCOUTER_ARCHIVE_RETENTION_DAYS: ours(integer(0, 36_500, "days"), {
    default: "0",
    purpose:
      "observations and evaluation records of days (UTC) that ended longer ago are deleted from the lake; more than DATA_RETENTION_PERIOD, after which they move there; 0 keeps them for ever",
  }),
  SCOUTER_INGEST_LEASE_SECS: ours(decimal(0.5, 3600, "seconds"), {
    default: "15",
    purpose:
      "how long a process may stand still before others take over what it has in the span log; with DATABASE_URI only",
  }),
  SCOUTER_ENCRYPT_SECRET: kept(secret, {
    default: undefined,
    secret: true,
    purpose:
      "key that access tokens are signed with; made once and kept in the database when unset",
  }),
  SCOUTER_REFRESH_SECRET: kept(secret, {
    default: undefined,
    secret: true,
    purpose: "key that refresh tokens are signed with, another one; made once and kept when unset",
  }),
  SCOUTER_BOOTSTRAP_KEY: kept(secret, {
    default: undefined,
    secret: true,
    purpose:
      "lets a program create users with the header x-bootstrap-token instead of a login; off when unset",
  }),
  SCOUTER_DEFAULT_USERNAME: kept(username, {
    default: undefined,
    purpose: "name of the administrator created at the first start; 'admin' when unset",
  }),
  SCOUTER_DEFAULT_PASSWORD: kept(password, {
    default: undefined,
    secret: true,
    purpose:
      "its password; when unset: generated and logged once, but well known (admin/admin, guest/guest) on an embedded server that only this machine reaches",
  }),
  SCOUTER_OTLP_ANONYMOUS: ours(boolean, {
    default: undefined,
    purpose:
      "whether spans may be exported over OTLP without a token; true on an embedded server that only this machine reaches, else false",
  }),
  POD_NAME: kept(text, {
    default: undefined,
    purpose:
      "name of this process in leases and logs; HOSTNAME, then the machine's name, when unset",
  }),
  HOSTNAME: kept(text, {
    default: undefined,
    purpose: "see POD_NAME",
  }),
  LOG_LEVEL: kept(choiceAnyCase("trace", "debug", "info", "warn", "error", "fatal", "silent"), {
    default: "info",
    purpose: "least severe level that is logged",
  }),
  LOG_JSON: kept(boolean, {
    default: "false",
    purpose: "log lines as JSON objects instead of text",
  }),
  ...brokerSettings,
} as const;

const notYet = {
  ...ignored(
    "the connection pool looks after this itself",
    "MIN_POOL_SIZE",
    "DB_IDLE_TIMEOUT_SECONDS",
    "DB_MAX_LIFETIME_SECONDS",
    "DB_TEST_BEFORE_ACQUIRE",
  ),
  ...ignored(
    "spans and trace summaries are readable as soon as they are acknowledged",
    "TRACE_FLUSH_INTERVAL_SECONDS",
    "TRACE_CACHE_MAX_SIZE",
  ),
  ...ignored(
    "traces are kept until they were evaluated, and their profiles are read each time",
    "TRACE_EVAL_LOOKBACK_SECS",
    "TRACE_EVAL_PROFILE_CACHE_TTL_SECS",
  ),
  ...ignored(
    "the end of a trace is told, and looked for once a second when the notice is lost",
    "GENAI_TRACE_BACKOFF_MILLIS",
  ),
  ...ignored(
    "Google's own variable GOOGLE_APPLICATION_CREDENTIALS takes its place",
    "GOOGLE_ACCOUNT_JSON_BASE64",
  ),
  ...ignored("SCOUTER_LAKE_CACHE_GB takes its place", "SCOUTER_OBJECT_CACHE_MB"),
  ...ignored("datasets are not in this version", "SCOUTER_DATASET_FLUSH_INTERVAL_SECS"),
};

const readByClients = client(
  "read by client libraries",
  "SCOUTER_SERVER_URI",
  "SCOUTER_GRPC_URI",
  "SCOUTER_USERNAME",
  "SCOUTER_PASSWORD",
  "SCOUTER_AUTH_TOKEN",
  "SCOUTER_QUEUE_PUBLISH_INTERVAL_SECS",
  "SCOUTER_KAFKA_TOPIC",
  "KAFKA_KEY",
  "KAFKA_SECRET",
  "RABBITMQ_HOST",
  "RABBITMQ_PORT",
  "RABBITMQ_USERNAME",
  "RABBITMQ_PASSWORD",
  "OTEL_RESOURCE_ATTRIBUTES",
  "APP_ENV",
);

/** Every variable we know, by name: the only place that lists them. */
export const variables = { ...settings, ...notYet, ...readByClients };
