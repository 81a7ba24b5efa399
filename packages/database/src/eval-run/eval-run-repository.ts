import type { JsonObject } from "@scouter/contracts";
import type { SpaceScope } from "../session/space-scope.ts";

/**
 * Results of offline runs, and the names that make some of them baselines.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`): a run is (space, run id) and never changes. A name is
 * (space, name) and points at one run of that space; promoting another one moves it, in one step.
 */
export interface EvalRunRepository {
  /** `duplicate`: this very run is stored; `conflict`: another one with its id is. `id` is that of the stored one. */
  store(
    run: EvalRunToStore,
  ): Promise<{ readonly id: number; readonly outcome: "stored" | "duplicate" | "conflict" }>;
  /** Newest first by the run's own time. */
  list(request: EvalRunListRequest): Promise<EvalRunList>;
  entry(id: number): Promise<EvalRunEntry | undefined>;
  document(id: number): Promise<JsonObject | undefined>;
  /** One scenario of the document. */
  scenario(id: number, scenarioId: string): Promise<JsonObject | undefined>;
  /** False when the space has no such run. */
  promote(promotion: EvalPromotion): Promise<boolean>;
  /** In the order in which names were used first. */
  baselines(request: EvalBaselineListRequest): Promise<EvalBaselineList>;
  baseline(space: string, name: string): Promise<EvalBaselineEntry | undefined>;
}

export interface EvalRunToStore {
  readonly space: string;
  readonly runId: string;
  readonly suite: string;
  /** RFC 3339, the run's own. */
  readonly createdAt: string;
  /** Of the document; equal digests are equal documents. */
  readonly digest: string;
  /** What lists show. */
  readonly summary: JsonObject;
  readonly document: JsonObject;
}

export interface EvalRunEntry {
  readonly id: number;
  readonly space: string;
  readonly runId: string;
  readonly suite: string;
  readonly createdAt: string;
  readonly receivedAt: string;
  readonly summary: JsonObject;
  /** Names that point at it, sorted. */
  readonly baselines: readonly string[];
}

export interface EvalRunListRequest {
  readonly spaces: SpaceScope;
  readonly suite?: string | undefined;
  /** 1..1,000 */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface EvalRunList {
  readonly items: readonly EvalRunEntry[];
  readonly nextCursor: string | null;
}

export interface EvalPromotion {
  readonly space: string;
  readonly name: string;
  readonly id: number;
  readonly by: string;
}

export interface EvalBaselineEntry {
  readonly name: string;
  readonly promotedAt: string;
  readonly promotedBy: string;
  readonly run: EvalRunEntry;
}

export interface EvalBaselineListRequest {
  readonly spaces: SpaceScope;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface EvalBaselineList {
  readonly items: readonly EvalBaselineEntry[];
  readonly nextCursor: string | null;
}
