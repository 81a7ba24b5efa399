import type { DispatchConfig } from "@scouter/contracts";
import type { RemoteLake } from "@scouter/lake";
import type { BrokersConfig } from "./brokers-config.ts";
import type { PortSetting, PriceSetting } from "./value-schema.ts";

export type { BrokersConfig, KafkaConfig, RabbitmqConfig, RedisConfig } from "./brokers-config.ts";

/** Everything the environment says, parsed once, frozen. Folders are absolute. */
export interface Config {
  /** Folder of this process's data; locked while the server runs. */
  readonly home: string;
  /** Name of this process in leases and logs; the machine's name when absent. */
  readonly instanceName: string | undefined;
  readonly database: DatabaseConfig;
  readonly lake: LakeConfig;
  readonly http: HttpConfig;
  readonly grpc: GrpcConfig;
  readonly ingest: IngestConfig;
  readonly brokers: BrokersConfig;
  readonly evaluation: EvaluationConfig;
  readonly drift: DriftConfig;
  readonly alerts: AlertConfig;
  readonly auth: AuthConfig;
  readonly log: LogConfig;
}

export type DatabaseConfig =
  | { readonly kind: "embedded"; readonly folder: string }
  | {
      readonly kind: "postgres";
      /** Holds a password: never logged. */
      readonly uri: string;
      readonly maxPoolSize: number;
      readonly connectTimeoutMs: number;
    };

export interface LakeConfig {
  /** The lake, or what this machine keeps of a remote one. */
  readonly folder: string;
  /** A lake in a bucket. */
  readonly remote: RemoteLake | undefined;
  readonly ingestLogFolder: string;
  readonly flushIntervalMs: number;
  /** How old a snapshot may be when nobody said that there is a newer one; undefined: as the database suggests. */
  readonly refreshIntervalMs: number | undefined;
  /** When a trace that is waited for is whole. */
  readonly settle: TraceSettleConfig;
  /** Unflushed spans that start a flush at once. */
  readonly flushSpans: number;
  /** How long this process may stand still before others take over its span log; with PostgreSQL only. */
  readonly ingestLeaseMs: number;
  /** Files of this age are sorted among their neighbours. */
  readonly sortIntervalMs: number;
  /** Days of spans that are kept; 0 keeps all. */
  readonly retentionDays: number;
}

export interface TraceSettleConfig {
  /** A trace whose root has ended is whole when nothing came for so long. */
  readonly quietMs: number;
  /** A trace is given up as it is when it is open for so long. */
  readonly limitMs: number;
}

export interface HttpConfig {
  readonly host: string;
  readonly api: PortSetting;
  readonly otlp: PortSetting;
  readonly metrics: PortSetting;
  /** Whether the dashboard is handed out beside the API. */
  readonly dashboard: boolean;
  /** Largest body as sent. */
  readonly maxBodyBytes: number;
  /** Largest body after it is inflated. */
  readonly maxInflatedBytes: number;
}

/** Bound to the address of HTTP. */
export interface GrpcConfig {
  readonly api: PortSetting;
  readonly otlp: PortSetting;
  /** Largest message, inflated. */
  readonly maxMessageBytes: number;
}

export interface IngestConfig {
  readonly acknowledge: "durable" | "queued";
  readonly recordConsumers: number;
  readonly traceConsumers: number;
  readonly tagConsumers: number;
}

export interface EvaluationConfig {
  readonly workers: number;
  /** For heavy records; 0: none. */
  readonly threads: number;
  readonly maxRetries: number;
  /** How long a record stays with a worker that says nothing. */
  readonly leaseMs: number;
  /** Compiled profiles kept. */
  readonly compiledProfiles: number;
  readonly traceWait: TraceWaitConfig;
  readonly traces: TraceEvaluationConfig;
  readonly judge: JudgeConfig;
}

/** Evaluation of traces that nobody sent a record for. */
export interface TraceEvaluationConfig {
  /** 0 or 1. */
  readonly workers: number;
  /** A lost notice costs at most this. */
  readonly pollMs: number;
  readonly pageSize: number;
}

/** How long a record waits for the spans of its trace. */
export interface TraceWaitConfig {
  /** Of one attempt. */
  readonly timeoutMs: number;
  /** Before the next attempt. */
  readonly rescheduleMs: number;
}

/** Keys are never logged. A provider without a key, and without a base URL of one's own, is not there. */
export interface JudgeConfig {
  readonly openAi: ProviderConfig;
  readonly anthropic: ProviderConfig;
  readonly google: ProviderConfig;
  /** Calls at the same time, for each provider. */
  readonly concurrency: number;
  /** Of one call. */
  readonly timeoutMs: number;
  /** US dollars for each profile and day. */
  readonly dailyBudgetUsd: number | undefined;
  readonly prices: readonly PriceSetting[];
}

export interface ProviderConfig {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
}

export interface DriftConfig {
  /** With 0 this process neither plans nor computes windows. */
  readonly workers: number;
  /** Days that observations stay in the database; 0 keeps all there. */
  readonly retentionDays: number;
  /** Days that what moved stays in the archive; 0 keeps all there. */
  readonly archiveRetentionDays: number;
}

/** Keys, tokens and the addresses of webhooks are never logged. A channel without its settings is absent. */
export interface AlertConfig {
  /** Of a delivery, after the first attempt. */
  readonly maxRetries: number;
  /** Where alerts go of profiles that name the console. */
  readonly standard: DispatchConfig;
  /** Whether the server watches itself, and tells there. */
  readonly builtIn: boolean;
  /** Of the dashboard, without a trailing slash. */
  readonly publicUrl: string | undefined;
  readonly slack: { readonly token: string; readonly apiUrl: string } | undefined;
  readonly slackWebhookUrl: string | undefined;
  readonly opsGenie: { readonly apiKey: string; readonly alertsUrl: string } | undefined;
  readonly pagerDuty: { readonly routingKey: string; readonly eventsUrl: string } | undefined;
  readonly webhook: { readonly url: string; readonly secret: string } | undefined;
  readonly alertmanager: { readonly baseUrl: string } | undefined;
}

export interface AuthConfig {
  /**
   * Embedded and only reachable from this machine: the well-known first users may exist. Every other server is taken
   * for one that strangers reach.
   */
  readonly privateServer: boolean;
  /** Keys that tokens are signed with; made by the server when absent. Never logged, as all of these. */
  readonly accessSecret: string | undefined;
  readonly refreshSecret: string | undefined;
  readonly bootstrapKey: string | undefined;
  readonly firstUsername: string | undefined;
  readonly firstPassword: string | undefined;
  /** Whether spans may be exported without a token. */
  readonly otlpAnonymous: boolean;
}

export interface LogConfig {
  readonly level: LogLevel;
  readonly json: boolean;
}

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
