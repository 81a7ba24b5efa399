import { isScouterError, type TagRecord } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import type { IngestReply, IngestRequest, SpanFindings, TraceLake } from "@scouter/lake";
import { rfc3339OfNanos } from "../http/route/trace/wire-time.ts";
import type { Settled } from "./channel.ts";
import type { BatchHandler } from "./consumer-pool.ts";

export interface SpanBatchParts {
  readonly database: Pick<Database, "tags" | "traceBaggage">;
  readonly lake: Pick<TraceLake, "ingest">;
  readonly events: { onSpanTagsLost(count: number, error: unknown): void };
}

/** Hands the requests of a batch to the lake together, so that its log writes them with one sync. */
export function spanBatchHandler(parts: SpanBatchParts): BatchHandler<IngestRequest, IngestReply> {
  const beforeLog = async (found: SpanFindings) => {
    await storeTags(parts, found.tags.map(traceTag));
    await storeBaggage(parts, found.baggage);
  };
  return async (requests) => {
    const replies = requests.map((request) => parts.lake.ingest({ ...request, beforeLog }));
    return (await Promise.allSettled(replies)).map(settled);
  };
}

/** As tags are: see below. */
async function storeBaggage(
  { database, events }: SpanBatchParts,
  baggage: SpanFindings["baggage"],
): Promise<void> {
  if (baggage.length === 0) return;
  try {
    await database.traceBaggage.store(
      baggage.map(({ startTimeUnixNano, ...entry }) => ({
        ...entry,
        createdAt: rfc3339OfNanos(startTimeUnixNano),
      })),
    );
  } catch (error) {
    if (isScouterError(error) && error.retryable) throw error;
    events.onSpanTagsLost(baggage.length, error);
  }
}

function traceTag(tag: SpanFindings["tags"][number]): TagRecord {
  return { entity_type: "trace", entity_id: tag.traceId, key: tag.key, value: tag.value };
}

function settled(reply: PromiseSettledResult<IngestReply>): Settled<IngestReply> {
  return reply.status === "fulfilled"
    ? { status: "done", result: reply.value }
    : { status: "failed", error: reply.reason };
}

/**
 * Tags go first: after the spans are logged a repeat of the request is a duplicate, whose tags nobody would store. While
 * the database is away the whole request is refused and the sender retries; tags that it will never take are given up
 * and reported, since the spans hold them as attributes too.
 */
async function storeTags(parts: SpanBatchParts, tags: readonly TagRecord[]): Promise<void> {
  if (tags.length === 0) return;
  try {
    await parts.database.tags.upsert(tags);
  } catch (error) {
    if (isScouterError(error) && error.retryable) throw error;
    parts.events.onSpanTagsLost(tags.length, error);
  }
}
