import { createHash } from "node:crypto";
import { agentEvalProfile, type Clock } from "@scouter/contracts";
import type { Database, EvalRecordToStore, TraceActivity } from "@scouter/database";
import type { TraceDispatchConfig } from "../config/config.ts";
import { Wakeup } from "../workers/wakeup.ts";
import type { TraceCompletion } from "./trace-completion.ts";

export interface TraceDispatchOptions {
  readonly database: Pick<Database, "traceActivity" | "evalRecords" | "profiles">;
  readonly completion: Pick<TraceCompletion, "onSettled">;
  readonly clock: Clock;
  readonly config: TraceDispatchConfig;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Makes an evaluation record of a settled trace for each entity that its spans name: when the entity is an active agent
 * profile with trace assertions, and no record of it was queued within the trace, since that is evaluated in its own
 * right. A later revision of the trace has its record evaluated again.
 *
 * Every process may run one: a record's uid follows from entity and trace, so what two of them store is one record.
 * Traces whose entities are not known stay for a profile that is registered later, as long as their rows are kept.
 */
export class TraceDispatch {
  readonly #options: TraceDispatchOptions;
  readonly #stopping = new AbortController();
  readonly #wakeup: Wakeup;
  #running: Promise<void> = Promise.resolve();
  #endListening: () => void = () => undefined;
  #profiles: { readonly uids: ReadonlySet<string>; readonly readAtMs: number } | undefined;

  constructor(options: TraceDispatchOptions) {
    this.#options = options;
    this.#wakeup = new Wakeup(options.clock);
  }

  start(): void {
    if (!this.#options.config.isOn) return;
    this.#endListening = this.#options.completion.onSettled(() => this.#wakeup.notify());
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#endListening();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { config, onTrouble } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const seen = this.#wakeup.seen;
      let isDone = true;
      try {
        isDone = await this.dispatchDue();
      } catch (error) {
        onTrouble(error);
      }
      if (isDone) await this.#wakeup.sleep(seen, config.pollMs, signal);
    }
  }

  /** One round. Resolves with whether nothing is left that this process can do now. */
  async dispatchDue(): Promise<boolean> {
    const { traceActivity, evalRecords } = this.#options.database;
    const { pageSize } = this.#options.config;
    const traces = await traceActivity.undispatched(pageSize);
    if (traces.length === 0) return true;
    const profiles = await this.#evaluatedProfiles();
    const done: TraceActivity[] = [];
    const records: EvalRecordToStore[] = [];
    for (const trace of traces) {
      const queued = new Set(trace.queuedEntityIds);
      const candidates = trace.entityIds.filter((uid) => !queued.has(uid));
      const known = candidates.filter((uid) => profiles.has(uid));
      if (candidates.length > 0 && known.length === 0) continue;
      done.push(trace);
      for (const uid of known) records.push(this.#recordOf(uid, trace));
    }
    const outcomes = await evalRecords.store(records);
    const revised = new Set(
      done.filter(({ revision }) => revision > 1).map(({ traceId }) => traceId),
    );
    for (const [index, { record }] of records.entries()) {
      if (outcomes[index] !== "duplicate" || !revised.has(record.trace_id ?? "")) continue;
      await evalRecords.again({ profileUid: record.entity_uid, recordUid: record.uid });
    }
    await traceActivity.dispatched(done);
    return done.length < pageSize;
  }

  #recordOf(entityUid: string, { traceId }: TraceActivity): EvalRecordToStore {
    const key = `trace-dispatch:${entityUid}:${traceId}`;
    return {
      source: "TraceDispatch",
      record: {
        uid: uidOf(key),
        record_id: key,
        session_id: key,
        created_at: new Date(this.#options.clock.now()).toISOString(),
        context: {},
        id: 0,
        entity_id: 0,
        entity_uid: entityUid,
        entity_type: "Agent",
        status: "Pending",
        retry_count: 0,
        trace_id: traceId,
        record_source: "TraceDispatch",
        tags: [],
      },
    };
  }

  /** Uids of active agent profiles with trace assertions. */
  async #evaluatedProfiles(): Promise<ReadonlySet<string>> {
    const { database, clock, config } = this.#options;
    const nowMs = clock.monotonicMs();
    if (this.#profiles !== undefined && nowMs - this.#profiles.readAtMs < config.profileTtlMs) {
      return this.#profiles.uids;
    }
    const active = await database.profiles.activeAgentProfiles();
    const uids = active
      .filter(({ profile }) => {
        const parsed = agentEvalProfile.safeParse(profile);
        return parsed.success && parsed.data.tasks.trace.length > 0;
      })
      .map(({ uid }) => uid);
    this.#profiles = { uids: new Set(uids), readAtMs: nowMs };
    return this.#profiles.uids;
  }
}

/** A UUID (version 8) that follows from the key. */
function uidOf(key: string): string {
  const hex = createHash("sha256").update(key).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
