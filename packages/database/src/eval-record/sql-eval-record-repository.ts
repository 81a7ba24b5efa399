import type {
  AgentEvalWorkflowResult,
  EvalRecordPaginationRequest,
  EvalTaskResult,
  Page,
} from "@scouter/contracts";
import { checkedLimit } from "../session/limit.ts";
import type { Session } from "../session/session.ts";
import {
  claimRecords,
  discardRecords,
  evaluateAgain,
  evaluateTraceAgain,
  extendLeases,
  failClaim,
  releaseClaims,
} from "./claim-records.ts";
import {
  claimKey,
  completeRecords,
  completionTexts,
  endedEarlier,
  preparedTexts,
} from "./complete-records.ts";
import type {
  ClaimedEvalRecord,
  ClaimOutcome,
  ClaimRequest,
  DiscardRequest,
  EvalClaim,
  EvalCompletion,
  EvalFailure,
  EvaluateAgainRequest,
  EvalRecordCounts,
  EvalRecordRepository,
  EvalRecordToStore,
  PreparedCompletion,
  ProfileEvalSummary,
  StoredEvalRecord,
  StoreOutcome,
} from "./eval-record-repository.ts";
import {
  evalSummary,
  recordCounts,
  recordPage,
  recordsByUid,
  tasksOfRecord,
  workflowPage,
} from "./read-records.ts";
import { recordBatchText, storeOutcomes, storeRecords } from "./store-records.ts";

export class SqlEvalRecordRepository implements EvalRecordRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async store(batch: readonly EvalRecordToStore[]): Promise<readonly StoreOutcome[]> {
    if (batch.length === 0) return [];
    const text = recordBatchText(batch);
    const rows = await this.#session.run((db) => storeRecords(text, db));
    return storeOutcomes(batch.length, rows);
  }

  async claim(request: ClaimRequest): Promise<readonly ClaimedEvalRecord[]> {
    checkedLimit(request.limit);
    return this.#session.run((db) => claimRecords(request, db));
  }

  async heartbeat(claims: readonly EvalClaim[], leaseMs: number): Promise<readonly EvalClaim[]> {
    if (claims.length === 0) return [];
    return this.#session.run((db) => extendLeases(claims, leaseMs, db));
  }

  async complete(completions: readonly EvalCompletion[]): Promise<readonly ClaimOutcome[]> {
    if (completions.length === 0) return [];
    const texts = completionTexts(completions);
    const outcomes = await this.#session.run((db) => completeRecords(texts, db));
    if (!outcomes.includes("stale")) return outcomes;
    const ended = await this.#session.run((db) => endedEarlier(completions, db));
    return completions.map(({ claim }, index) =>
      ended.has(claimKey(claim)) ? "done" : (outcomes[index] as ClaimOutcome),
    );
  }

  async completePrepared(completion: PreparedCompletion): Promise<ClaimOutcome> {
    const texts = preparedTexts(completion);
    const [outcome = "stale"] = await this.#session.run((db) => completeRecords(texts, db));
    if (outcome === "done") return outcome;
    const ended = await this.#session.run((db) => endedEarlier([completion], db));
    return ended.has(claimKey(completion.claim)) ? "done" : "stale";
  }

  fail(claim: EvalClaim, failure: EvalFailure): Promise<ClaimOutcome> {
    return this.#session.run((db) => failClaim(claim, failure, db));
  }

  again(request: EvaluateAgainRequest): Promise<number> {
    return this.#session.run((db) => evaluateAgain(request, db));
  }

  againOfTrace(traceId: string, spanCount: number): Promise<number> {
    return this.#session.run((db) => evaluateTraceAgain(traceId, spanCount, db));
  }

  discard(request: DiscardRequest): Promise<number> {
    return this.#session.run((db) => discardRecords(request, db));
  }

  releaseAll(workerId: string): Promise<number> {
    return this.#session.run((db) => releaseClaims(workerId, db));
  }

  page(request: EvalRecordPaginationRequest): Promise<Page<StoredEvalRecord>> {
    return this.#session.run((db) => recordPage(request, db));
  }

  workflowPage(request: EvalRecordPaginationRequest): Promise<Page<AgentEvalWorkflowResult>> {
    return this.#session.run((db) => workflowPage(request, db));
  }

  tasksOf(recordUid: string): Promise<readonly EvalTaskResult[]> {
    return this.#session.run((db) => tasksOfRecord(recordUid, db));
  }

  byUid(recordUid: string): Promise<readonly StoredEvalRecord[]> {
    return this.#session.run((db) => recordsByUid(recordUid, db));
  }

  counts(profileUid?: string): Promise<EvalRecordCounts> {
    return this.#session.run((db) => recordCounts(profileUid, db));
  }

  summary(profileUid?: string): Promise<readonly ProfileEvalSummary[]> {
    return this.#session.run((db) => evalSummary(profileUid, db));
  }
}
