import type { JsonObject } from "@scouter/contracts";

/**
 * Test cases of offline evaluations, kept as they were sent, by collection.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`): a scenario is (collection, id). One that is registered
 * again replaces the first and keeps its place; the others of the collection stay.
 */
export interface EvalScenarioRepository {
  /** One transaction. The ids of one call must differ. */
  register(collectionId: string, scenarios: readonly EvalScenarioToStore[]): Promise<void>;
  /** In the order in which their ids were registered first; empty for an unknown collection. */
  of(collectionId: string): Promise<readonly JsonObject[]>;
}

export interface EvalScenarioToStore {
  readonly id: string;
  readonly scenario: JsonObject;
}
