import type { Clock } from "@scouter/contracts";
import { sql, type Kysely } from "kysely";
import { SqlAlertOutboxRepository } from "./alert/sql-alert-outbox-repository.ts";
import { SqlAlertRepository } from "./alert/sql-alert-repository.ts";
import { SqlBuiltInAlertRepository } from "./built-in-alert/sql-built-in-alert-repository.ts";
import type { Database, DatabaseCapabilities } from "./database.ts";
import { SqlIngestDeadLetterRepository } from "./dead-letter/sql-ingest-dead-letter-repository.ts";
import type { Listener } from "./driver/listener.ts";
import { SqlDriftWindowRepository } from "./drift-window/sql-drift-window-repository.ts";
import { SqlDriftBoardRepository } from "./drift-board/sql-drift-board-repository.ts";
import { SqlEvaluationDayRepository } from "./evaluation-day/sql-evaluation-day-repository.ts";
import { SqlEvaluationRepository } from "./evaluation/sql-evaluation-repository.ts";
import { SqlOverviewRepository } from "./overview/sql-overview-repository.ts";
import { SqlEvalRecordRepository } from "./eval-record/sql-eval-record-repository.ts";
import { SqlJudgeSpendRepository } from "./judge-spend/sql-judge-spend-repository.ts";
import { SqlObservationDayRepository } from "./observation/sql-observation-day-repository.ts";
import { SqlObservationRepository } from "./observation/sql-observation-repository.ts";
import { SqlLeaseRepository } from "./lease/sql-lease-repository.ts";
import { SqlEvalRunRepository } from "./eval-run/sql-eval-run-repository.ts";
import { SqlEvalScenarioRepository } from "./eval-scenario/sql-eval-scenario-repository.ts";
import { SqlParkedMessageRepository } from "./parked-message/sql-parked-message-repository.ts";
import { SqlProducerRepository } from "./producer/sql-producer-repository.ts";
import { SqlProfileRepository } from "./profile/sql-profile-repository.ts";
import { SqlMessageRepository } from "./received-message/sql-message-repository.ts";
import { Session } from "./session/session.ts";
import type { Tables } from "./session/tables.ts";
import { SqlSettingRepository } from "./setting/sql-setting-repository.ts";
import { SqlTagRepository } from "./tag/sql-tag-repository.ts";
import { SqlTraceActivityRepository } from "./trace-activity/sql-trace-activity-repository.ts";
import { SqlTraceBaggageRepository } from "./trace-baggage/sql-trace-baggage-repository.ts";
import { SqlUserRepository } from "./user/sql-user-repository.ts";

/** What differs between the back ends; everything above is the same code and the same SQL. */
export interface DatabaseParts {
  readonly kind: Database["kind"];
  readonly capabilities: DatabaseCapabilities;
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly listener: Listener;
  /** Statements of `maintain`, run one by one. */
  readonly maintenance: readonly string[];
}

export function assembleDatabase(parts: DatabaseParts): Database {
  const { kind, capabilities, db, clock, listener } = parts;
  const session = new Session(db, clock);
  return {
    kind,
    capabilities,
    profiles: new SqlProfileRepository(session, clock),
    evalRecords: new SqlEvalRecordRepository(session),
    judgeSpend: new SqlJudgeSpendRepository(session),
    driftWindows: new SqlDriftWindowRepository(session),
    alerts: new SqlAlertRepository(session),
    alertOutbox: new SqlAlertOutboxRepository(session),
    builtInAlerts: new SqlBuiltInAlertRepository(session),
    leases: new SqlLeaseRepository(session),
    observations: new SqlObservationRepository(session),
    observationDays: new SqlObservationDayRepository(session),
    messages: new SqlMessageRepository(session),
    producers: new SqlProducerRepository(session),
    parkedMessages: new SqlParkedMessageRepository(session),
    evalRuns: new SqlEvalRunRepository(session),
    evalScenarios: new SqlEvalScenarioRepository(session),
    tags: new SqlTagRepository(session),
    traceActivity: new SqlTraceActivityRepository(session),
    traceBaggage: new SqlTraceBaggageRepository(session),
    overview: new SqlOverviewRepository(session),
    evaluations: new SqlEvaluationRepository(session),
    evaluationDays: new SqlEvaluationDayRepository(session),
    driftBoard: new SqlDriftBoardRepository(session),
    deadLetters: new SqlIngestDeadLetterRepository(session),
    users: new SqlUserRepository(session),
    identity: new SqlSettingRepository(session),
    listen: (channel, handler) => session.run(() => listener.listen(channel, handler)),
    async sendNotice(channel, payload) {
      await session.run((executor) =>
        sql`select pg_notify(${channel}, ${payload})`.execute(executor),
      );
    },
    async ping() {
      await session.run((executor) => sql`select 1`.execute(executor));
    },
    async maintain() {
      for (const statement of parts.maintenance) {
        await session.run((executor) => sql.raw(statement).execute(executor));
      }
    },
    close: once(async () => {
      await session.close();
      await listener.close();
      await db.destroy();
    }),
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
