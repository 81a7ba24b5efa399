import type { AlertOutboxRepository } from "./alert/alert-outbox-repository.ts";
import type { AlertRepository } from "./alert/alert-repository.ts";
import type { BuiltInAlertRepository } from "./built-in-alert/built-in-alert-repository.ts";
import type { IngestDeadLetterRepository } from "./dead-letter/ingest-dead-letter-repository.ts";
import type { DriftWindowRepository } from "./drift-window/drift-window-repository.ts";
import type { DriftBoardRepository } from "./drift-board/drift-board-repository.ts";
import type { EvaluationDayRepository } from "./evaluation-day/evaluation-day-repository.ts";
import type { EvaluationRepository } from "./evaluation/evaluation-repository.ts";
import type { OverviewRepository } from "./overview/overview-repository.ts";
import type { EvalRecordRepository } from "./eval-record/eval-record-repository.ts";
import type { JudgeSpendRepository } from "./judge-spend/judge-spend-repository.ts";
import type { ObservationDayRepository } from "./observation/observation-day-repository.ts";
import type { ObservationRepository } from "./observation/observation-repository.ts";
import type { LeaseRepository } from "./lease/lease-repository.ts";
import type { EvalRunRepository } from "./eval-run/eval-run-repository.ts";
import type { EvalScenarioRepository } from "./eval-scenario/eval-scenario-repository.ts";
import type { ParkedMessageRepository } from "./parked-message/parked-message-repository.ts";
import type { ProducerRepository } from "./producer/producer-repository.ts";
import type { ProfileRepository } from "./profile/profile-repository.ts";
import type { MessageRepository } from "./received-message/message-repository.ts";
import type { SettingRepository } from "./setting/setting-repository.ts";
import type { TagRepository } from "./tag/tag-repository.ts";
import type { TraceActivityRepository } from "./trace-activity/trace-activity-repository.ts";
import type { TraceBaggageRepository } from "./trace-baggage/trace-baggage-repository.ts";
import type { UserRepository } from "./user/user-repository.ts";

/**
 * The relational store: one object per process, opened with `openPglite` or `openPostgres`, which bring the schema up
 * to date first.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`):
 * - Every rejection is a `ScouterError`. Kind `unavailable` (no connection, too many, shutting down) may be retried;
 *   serialization conflicts and deadlocks were retried already.
 * - After `close`, calls reject with kind `unavailable`; `close` waits for calls under way.
 */
export interface Database {
  readonly kind: "pglite" | "postgres";
  readonly capabilities: DatabaseCapabilities;
  readonly profiles: ProfileRepository;
  readonly evalRecords: EvalRecordRepository;
  /** What judges may spend, over all processes. */
  readonly judgeSpend: JudgeSpendRepository;
  readonly driftWindows: DriftWindowRepository;
  readonly alerts: AlertRepository;
  readonly alertOutbox: AlertOutboxRepository;
  readonly builtInAlerts: BuiltInAlertRepository;
  readonly leases: LeaseRepository;
  readonly observations: ObservationRepository;
  readonly observationDays: ObservationDayRepository;
  readonly messages: MessageRepository;
  readonly producers: ProducerRepository;
  readonly parkedMessages: ParkedMessageRepository;
  readonly evalRuns: EvalRunRepository;
  readonly evalScenarios: EvalScenarioRepository;
  readonly tags: TagRepository;
  readonly traceActivity: TraceActivityRepository;
  readonly traceBaggage: TraceBaggageRepository;
  readonly overview: OverviewRepository;
  readonly evaluations: EvaluationRepository;
  readonly evaluationDays: EvaluationDayRepository;
  readonly driftBoard: DriftBoardRepository;
  readonly deadLetters: IngestDeadLetterRepository;
  readonly users: UserRepository;
  /** Identity of this installation (lake id, home id, keys of its tokens). */
  readonly identity: SettingRepository;
  /**
   * Calls `handler` after each NOTIFY on the channel, and once after every reconnect, because messages may have been
   * missed then. A lost message costs time, never an item: listeners also poll. Resolves, once listening, with the
   * function that ends it. A handler must not throw.
   */
  listen(channel: string, handler: (payload: string) => void): Promise<() => Promise<void>>;
  /** Sends a NOTIFY: to every process that listens, this one too. */
  sendNotice(channel: string, payload: string): Promise<void>;
  /** One round trip; rejects when the database does not answer. */
  ping(): Promise<void>;
  /** CHECKPOINT and VACUUM where nobody else does them (PGlite); nothing on PostgreSQL. */
  maintain(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseCapabilities {
  /** What committed data survives: a killed process, or a power cut too. */
  readonly durability: "process" | "power";
}
