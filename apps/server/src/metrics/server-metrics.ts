import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ChannelObserver } from "../ingest/channel.ts";
import type { ChannelName } from "../ingest/ingest.ts";

/** What is read when a scrape comes. */
export interface MetricSources {
  channelDepth(channel: ChannelName): { readonly messages: number; readonly bytes: number };
  lake(): {
    readonly unflushedSpans: number;
    readonly unflushedBytes: number;
    readonly flushes: number;
    readonly flushFailures: number;
  };
}

const channelNames: readonly ChannelName[] = ["records", "traces", "tags"];
const SECONDS_OF_A_REQUEST = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SECONDS_OF_A_WAIT = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10];

/**
 * Every figure of the server, in one registry of its own. The process metrics include the delay of the event loop
 * (`nodejs_eventloop_lag_p99_seconds`).
 */
export class ServerMetrics {
  readonly registry = new Registry();
  readonly #requests: Counter;
  readonly #requestSeconds: Histogram;
  readonly #calls: Counter;
  readonly #callSeconds: Histogram;
  readonly #channelFull: Counter;
  readonly #channelWaitSeconds: Histogram;
  readonly #messages: Counter;
  readonly recordsStored: Counter;
  readonly replacedCharacters: Counter;
  readonly lostAfterReply: Counter;
  readonly evaluatedRecords: Counter;
  readonly evaluationSeconds: Histogram;
  readonly dispatchedRecords: Counter;
  readonly judgeCalls: Counter;
  readonly judgeTokens: Counter;
  readonly judgeCostUsd: Counter;
  readonly plannedWindows: Counter;
  readonly computedWindows: Counter;
  readonly windowSeconds: Histogram;
  readonly lateObservations: Counter;
  readonly archivedObservations: Counter;
  readonly archivedEvaluations: Counter;
  readonly alertDeliveries: Counter;
  readonly builtInAlerts: Counter;
  readonly lakeMaintenance: LakeMaintenanceCounters;
  readonly brokerMessages: Counter;
  readonly brokerErrors: Counter;
  readonly brokerAckErrors: Counter;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Counter({
      name: "http_requests_total",
      help: "answered requests; path is the route's template",
      labelNames: ["method", "path", "status"],
      registers,
    });
    this.#requestSeconds = new Histogram({
      name: "http_requests_duration_seconds",
      help: "time from the request's head to the end of the reply",
      labelNames: ["method", "path", "status"],
      buckets: SECONDS_OF_A_REQUEST,
      registers,
    });
    this.#calls = new Counter({
      name: "grpc_requests_total",
      help: "answered gRPC calls; code is the status's name",
      labelNames: ["rpc", "code"],
      registers,
    });
    this.#callSeconds = new Histogram({
      name: "grpc_requests_duration_seconds",
      help: "time from the message of a gRPC call to its answer",
      labelNames: ["rpc", "code"],
      buckets: SECONDS_OF_A_REQUEST,
      registers,
    });
    this.#channelFull = new Counter({
      name: "channel_full",
      help: "messages refused because their channel was full",
      labelNames: ["channel"],
      registers,
    });
    this.#channelWaitSeconds = new Histogram({
      name: "scouter_channel_wait_seconds",
      help: "time a message waited for a consumer",
      labelNames: ["channel"],
      buckets: SECONDS_OF_A_WAIT,
      registers,
    });
    this.#messages = new Counter({
      name: "messages_processed",
      help: "messages answered by their consumer",
      labelNames: ["channel", "outcome"],
      registers,
    });
    this.recordsStored = new Counter({
      name: "records_inserted",
      help: "agent records stored, repeats not counted",
      registers,
    });
    this.replacedCharacters = new Counter({
      name: "scouter_replaced_characters_total",
      help: "characters in records that no database can hold and that were replaced",
      registers,
    });
    this.lostAfterReply = new Counter({
      name: "scouter_lost_after_reply_total",
      help: "messages that were answered before they were stored and could not be stored",
      labelNames: ["channel"],
      registers,
    });
    this.evaluatedRecords = new Counter({
      name: "scouter_evaluated_records_total",
      help: "attempts to evaluate an agent record",
      labelNames: ["outcome"],
      registers,
    });
    this.dispatchedRecords = new Counter({
      name: "scouter_trace_evaluations_total",
      help: "records made of traces, or made due again because spans came late",
      registers,
    });
    this.evaluationSeconds = new Histogram({
      name: "scouter_evaluation_seconds",
      help: "time to evaluate one record, without storing its results",
      buckets: SECONDS_OF_A_WAIT,
      registers,
    });
    this.judgeCalls = new Counter({
      name: "scouter_judge_calls_total",
      help: "answers of judges: asked of a model, had from the cache, saved by a gate",
      labelNames: ["outcome"],
      registers,
    });
    this.judgeTokens = new Counter({
      name: "scouter_judge_tokens_total",
      help: "tokens of judges as the vendors counted them",
      labelNames: ["direction"],
      registers,
    });
    this.judgeCostUsd = new Counter({
      name: "scouter_judge_cost_usd_total",
      help: "cost of judges in US dollars by the price table; calls without a price add nothing",
      registers,
    });
    this.plannedWindows = new Counter({
      name: "scouter_drift_windows_planned_total",
      help: "drift windows put into the ledger",
      labelNames: ["outcome"],
      registers,
    });
    this.computedWindows = new Counter({
      name: "scouter_drift_windows_total",
      help: "attempts to compute a drift window",
      labelNames: ["outcome"],
      registers,
    });
    this.windowSeconds = new Histogram({
      name: "scouter_drift_window_seconds",
      help: "time to compute one drift window and to store its result",
      buckets: SECONDS_OF_A_WAIT,
      registers,
    });
    this.lateObservations = new Counter({
      name: "scouter_drift_late_observations_total",
      help: "observations that became readable after their drift window was computed",
      registers,
    });
    this.archivedObservations = new Counter({
      name: "scouter_drift_archived_observations_total",
      help: "observations that moved from the database to the lake",
      registers,
    });
    this.archivedEvaluations = new Counter({
      name: "scouter_evaluation_archived_records_total",
      help: "evaluation records that moved from the database to the lake with their results",
      registers,
    });
    this.alertDeliveries = new Counter({
      name: "scouter_alert_deliveries_total",
      help: "attempts to deliver an alert",
      labelNames: ["outcome"],
      registers,
    });
    this.builtInAlerts = new Counter({
      name: "scouter_built_in_alerts_total",
      help: "alerts of the server itself that opened or ended",
      labelNames: ["rule", "action"],
      registers,
    });
    this.lakeMaintenance = lakeMaintenanceCounters(registers);
    this.brokerMessages = new Counter({
      name: "scouter_broker_messages_total",
      help: "messages taken from a broker: stored, parked, left for another process, lost (channel only)",
      labelNames: ["broker", "outcome"],
      registers,
    });
    this.brokerErrors = new Counter({
      name: "consumer_errors",
      help: "troubles of a broker's consumer that it recovers from by itself",
      labelNames: ["broker"],
      registers,
    });
    this.brokerAckErrors = new Counter({
      name: "message_ack_errors",
      help: "stored messages of which the broker could not be told; they come again and are recognised",
      labelNames: ["broker"],
      registers,
    });
  }

  /** Adds the figures that are read at scrape time; once, when the parts exist. */
  watch(sources: MetricSources): void {
    this.#gauge("scouter_channel_messages", "messages held by a channel", "channel", (set) => {
      for (const channel of channelNames) set(channel, sources.channelDepth(channel).messages);
    });
    this.#gauge("scouter_channel_bytes", "bytes held by a channel", "channel", (set) => {
      for (const channel of channelNames) set(channel, sources.channelDepth(channel).bytes);
    });
    this.#gauge("scouter_lake_unflushed", "not yet committed to the lake", "unit", (set) => {
      const { unflushedSpans, unflushedBytes } = sources.lake();
      set("spans", unflushedSpans);
      set("bytes", unflushedBytes);
    });
    this.#gauge("scouter_lake_flushes", "commits to the lake since the start", "outcome", (set) => {
      const { flushes, flushFailures } = sources.lake();
      set("done", flushes);
      set("failed", flushFailures);
    });
  }

  /** What apps sent, by service, read from the database at each scrape; a scrape while it is away goes without. */
  watchDelivery(services: () => Promise<readonly DeliveredService[]>): void {
    const gauge: Gauge = new Gauge({
      name: "scouter_delivery_items",
      help: "items of the apps seen in the last days: what they reported of themselves, and what became of what they sent",
      labelNames: ["service", "state"],
      registers: [this.registry],
      async collect() {
        gauge.reset();
        for (const { service, committed, refused, report } of await services().catch(() => [])) {
          const dropped = report.droppedFull + report.droppedInvalid + report.droppedClosed;
          const states = { offered: report.offered, sampled_out: report.sampledOut, dropped };
          const items = { ...states, committed, rejected: refused };
          for (const [state, count] of Object.entries(items)) {
            gauge.set({ service: service ?? "", state }, count);
          }
        }
      },
    });
  }

  requestAnswered(labels: RequestLabels, seconds: number): void {
    this.#requests.inc({ ...labels });
    this.#requestSeconds.observe({ ...labels }, seconds);
  }

  callAnswered(labels: CallLabels, seconds: number): void {
    this.#calls.inc({ ...labels });
    this.#callSeconds.observe({ ...labels }, seconds);
  }

  channelObserver(channel: ChannelName): ChannelObserver {
    return {
      onRefused: () => this.#channelFull.inc({ channel }),
      onTaken: (waitMs) => this.#channelWaitSeconds.observe({ channel }, waitMs / 1000),
      onSettled: (outcome) => this.#messages.inc({ channel, outcome }),
    };
  }

  /** A gauge with one label, read when it is scraped. */
  #gauge(
    name: string,
    help: string,
    label: string,
    read: (set: (labelValue: string, value: number) => void) => void,
  ): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect: () => read((labelValue, value) => gauge.set({ [label]: labelValue }, value)),
    });
  }
}

/** Sums over the processes of one app. */
export interface DeliveredService {
  readonly service: string | null;
  readonly committed: number;
  readonly refused: number;
  readonly report: {
    readonly offered: number;
    readonly sampledOut: number;
    readonly droppedFull: number;
    readonly droppedInvalid: number;
    readonly droppedClosed: number;
  };
}

export interface RequestLabels {
  readonly method: string;
  /** The route's template, so that ids do not multiply the series. */
  readonly path: string;
  readonly status: string;
}

export interface CallLabels {
  /** `<service>/<method>` */
  readonly rpc: string;
  /** `OK`, `RESOURCE_EXHAUSTED` ... */
  readonly code: string;
}

/** What maintenance read and wrote: files and bytes before and after, by the kind of work. */
export interface LakeMaintenanceCounters {
  readonly runs: Counter;
  readonly files: Counter;
  readonly bytes: Counter;
  readonly seconds: Counter;
}

function lakeMaintenanceCounters(registers: Registry[]): LakeMaintenanceCounters {
  return {
    runs: new Counter({
      name: "scouter_lake_maintenance_total",
      help: "commits and vacuums of the lake's maintenance",
      labelNames: ["kind", "outcome"],
      registers,
    }),
    files: new Counter({
      name: "scouter_lake_maintenance_files_total",
      help: "data files that maintenance replaced or deleted, and those it put in their place",
      labelNames: ["kind", "when"],
      registers,
    }),
    bytes: new Counter({
      name: "scouter_lake_maintenance_bytes_total",
      help: "bytes of these files",
      labelNames: ["kind", "when"],
      registers,
    }),
    seconds: new Counter({
      name: "scouter_lake_maintenance_seconds_total",
      help: "time that maintenance took",
      labelNames: ["kind"],
      registers,
    }),
  };
}
