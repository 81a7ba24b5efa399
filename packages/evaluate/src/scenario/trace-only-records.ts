import type { Json } from "@scouter/contracts";
import type { EvaluatedSpan } from "../port/span-source.ts";
import type { CompiledAlias } from "../suite/suite.ts";
import type { CollectedRecord } from "./collected-repeat.ts";

const QUEUE_RECORD = "scouter.queue.record";
const ENTITY = "scouter.entity";

/**
 * Records that stand for traces which name a profile but hold no record of its queue: one for each alias and trace. Only
 * for profiles with trace assertions, and not where a record of the trace was made.
 */
export function traceOnlyRecords(
  spans: readonly EvaluatedSpan[],
  aliases: ReadonlyMap<string, CompiledAlias>,
  records: ReadonlyMap<string, readonly CollectedRecord[]>,
): ReadonlyMap<string, readonly CollectedRecord[]> {
  const made = new Map<string, readonly CollectedRecord[]>();
  const traces = Map.groupBy(spans, ({ traceId }) => traceId);
  for (const [alias, { tasks, entityUid }] of aliases) {
    if (entityUid === undefined || !tasks.needsSpans) continue;
    const known = new Set((records.get(alias) ?? []).map(({ traceId }) => traceId));
    const own = [...traces]
      .filter(([traceId, trace]) => !known.has(traceId) && isOnlyTrace(trace, entityUid))
      .map(([traceId]) => recordOf(entityUid, traceId));
    if (own.length > 0) made.set(alias, own);
  }
  return made;
}

function isOnlyTrace(trace: readonly EvaluatedSpan[], entityUid: string): boolean {
  const entries = trace.flatMap(({ attributes }) => Object.entries(attributes));
  const hasRecord = entries.some(([key, value]) => key === QUEUE_RECORD && isText(value));
  const namesEntity = entries.some(([key, value]) => key.startsWith(ENTITY) && value === entityUid);
  return namesEntity && !hasRecord;
}

function isText(value: Json): boolean {
  return typeof value === "string" && value !== "";
}

function recordOf(entityUid: string, traceId: string): CollectedRecord {
  const id = `trace-dispatch:${entityUid}:${traceId}`;
  return { uid: id, recordId: id, sessionId: id, traceId, context: {}, source: "TraceDispatch" };
}
