import { agentEvalProfile, isSampled, type Clock, type EvalRecord } from "@scouter/contracts";
import type { Database, RegisteredProfile, TraceActivity } from "@scouter/database";
import type { TraceLake } from "@scouter/lake";
import type { TraceEvaluationConfig } from "../config/config.ts";
import type { TraceCompletion } from "../trace-activity/trace-completion.ts";
import { Wakeup } from "./wakeup.ts";

export interface TraceEvaluationParts {
  readonly database: Pick<Database, "evalRecords" | "profiles" | "traceActivity">;
  readonly lake: Pick<TraceLake, "spansOf">;
  readonly completion: Pick<TraceCompletion, "onSettled">;
  readonly clock: Clock;
  readonly config: TraceEvaluationConfig;
  /** Records that were made of traces, or are evaluated again because spans of theirs came late. */
  readonly onDispatched: (records: number) => void;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Evaluates traces that nobody sent a record for: a settled trace that names the entity of an active profile with trace
 * assertions becomes a record of its own, without context. Spans that come later make its records due again, as a new
 * revision. All of it may be done twice, by two processes, with the same end.
 */
export class TraceEvaluation {
  readonly #parts: TraceEvaluationParts;
  readonly #wakeup: Wakeup;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #endListening: () => void = () => undefined;

  constructor(parts: TraceEvaluationParts) {
    this.#parts = parts;
    this.#wakeup = new Wakeup(parts.clock);
  }

  start(): void {
    const { completion, config } = this.#parts;
    if (config.workers === 0) return;
    this.#endListening = completion.onSettled(() => this.#wakeup.notify());
    this.#running = this.#run();
  }

  /** Resolves when what it was doing is done. */
  async stop(): Promise<void> {
    this.#endListening();
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { config, onTrouble } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const seen = this.#wakeup.seen;
      try {
        while (!signal.aborted && (await this.#dispatchPage()) === config.pageSize);
      } catch (error) {
        onTrouble(error);
      }
      await this.#wakeup.sleep(seen, config.pollMs, signal);
    }
  }

  /** Resolves with how many traces it looked at. */
  async #dispatchPage(): Promise<number> {
    const { database, config } = this.#parts;
    const traces = await database.traceActivity.undispatched(config.pageSize);
    for (const trace of traces) await this.#dispatch(trace);
    await database.traceActivity.dispatched(
      traces.map(({ traceId, revision }) => ({ traceId, revision })),
    );
    return traces.length;
  }

  async #dispatch(trace: TraceActivity): Promise<void> {
    const { database, clock, onDispatched } = this.#parts;
    const queued = new Set(trace.queuedEntityIds);
    const uids = trace.entityIds.filter((uid) => !queued.has(uid));
    const profiles = await Promise.all(uids.map((uid) => database.profiles.byUid(uid)));
    const createdAt = new Date(clock.now()).toISOString();
    const records = profiles.flatMap((profile) =>
      profile !== undefined && evaluates(profile, trace)
        ? [recordOf(trace, profile.uid, createdAt)]
        : [],
    );
    const batch = records.map((record) => ({ record, source: "TraceDispatch" as const }));
    const outcomes = await database.evalRecords.store(batch);
    const stored = outcomes.filter((outcome) => outcome === "stored").length;
    onDispatched(stored + (await this.#again(trace)));
  }

  /** A trace is settled again also when nothing new came, as after a flush: the number of its spans tells. */
  async #again({ traceId, revision }: TraceActivity): Promise<number> {
    if (revision < 2) return 0;
    const { database, lake } = this.#parts;
    const spans = await lake.spansOf(traceId, { signal: this.#stopping.signal });
    return database.evalRecords.againOfTrace(traceId, spans.length);
  }
}

/** The same traces are chosen by every process and every time: their id decides. */
function evaluates({ driftType, active, profile }: RegisteredProfile, { traceId }: TraceActivity) {
  if (driftType !== "Agent" || !active) return false;
  const parsed = agentEvalProfile.safeParse(profile);
  if (!parsed.success || parsed.data.tasks.trace.length === 0) return false;
  return isSampled(traceId, parsed.data.config.sample_ratio);
}

function recordOf({ traceId }: TraceActivity, profileUid: string, createdAt: string): EvalRecord {
  const name = `trace-dispatch:${profileUid}:${traceId}`;
  return {
    record_id: name,
    session_id: name,
    uid: name,
    created_at: createdAt,
    context: {},
    id: 0,
    entity_id: 0,
    entity_uid: profileUid,
    status: "Pending",
    entity_type: "Agent",
    retry_count: 0,
    record_source: "TraceDispatch",
    trace_id: traceId,
    tags: [],
  };
}
