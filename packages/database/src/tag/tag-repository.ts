import type { TagRecord } from "@scouter/contracts";

/**
 * Labels on anything that has an id. The whole quadruple is unique, so one key may carry several values.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`): a repeat, also inside one batch, is stored once and is
 * no error.
 */
export interface TagRepository {
  /** One transaction. Resolves with the number of different tags of the batch. */
  upsert(tags: readonly TagRecord[]): Promise<number>;
  /** Ordered by key, then value. */
  of(entityType: string, entityId: string): Promise<readonly TagRecord[]>;
  /** Ids in ascending order, all of them unless the query has a limit. No filter finds nothing. */
  entityIdsByTags(query: TagQuery): Promise<readonly string[]>;
}

export interface TagQuery {
  readonly entityType: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  /** True: entities that carry every filter. False: at least one. */
  readonly matchAll: boolean;
  /** Only ids behind this one, in the order of the result: the last of the page before. */
  readonly after?: string | undefined;
  /** From 1. */
  readonly limit?: number | undefined;
}
