import { isScouterError, type Clock, type TagRecord } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import type { IngestReply, IngestRequest, TraceLake } from "@scouter/lake";
import type { Settled } from "./channel.ts";
import type { BatchHandler } from "./consumer-pool.ts";

export interface SpanBatchParts {
  readonly database: Pick<Database, "tags">;
  readonly lake: Pick<TraceLake, "ingest">;
  readonly clock: Clock;
  readonly events: { onSpanTagsLost(count: number, error: unknown): void };
}

/** Pauses before the second and later attempts to store the tags of a batch. */
const TAG_RETRY_PAUSES_MS = [50, 250, 1000];

/**
 * Hands the requests of a batch to the lake together, so that its log writes them with one sync, then stores the tags
 * found on their spans with one statement.
 */
export function spanBatchHandler(parts: SpanBatchParts): BatchHandler<IngestRequest, IngestReply> {
  return async (requests) => {
    const replies = await Promise.allSettled(requests.map((request) => parts.lake.ingest(request)));
    const tags = replies.flatMap((reply) =>
      reply.status === "fulfilled" ? reply.value.tags.map(traceTag) : [],
    );
    if (tags.length > 0) await storeTags(parts, tags);
    return replies.map(settled);
  };
}

function traceTag(tag: IngestReply["tags"][number]): TagRecord {
  return { entity_type: "trace", entity_id: tag.traceId, key: tag.key, value: tag.value };
}

function settled(reply: PromiseSettledResult<IngestReply>): Settled<IngestReply> {
  return reply.status === "fulfilled"
    ? { status: "done", result: reply.value }
    : { status: "failed", error: reply.reason };
}

/**
 * The spans are stored by now, so an error here cannot refuse them: a sender that repeats the request would be told
 * that it is a duplicate. After the last attempt the loss is reported.
 */
async function storeTags(parts: SpanBatchParts, tags: readonly TagRecord[]): Promise<void> {
  for (const pauseMs of [...TAG_RETRY_PAUSES_MS, undefined]) {
    try {
      await parts.database.tags.upsert(tags);
      return;
    } catch (error) {
      const again = isScouterError(error) && error.retryable && pauseMs !== undefined;
      if (!again) return parts.events.onSpanTagsLost(tags.length, error);
      await parts.clock.sleep(pauseMs);
    }
  }
}
