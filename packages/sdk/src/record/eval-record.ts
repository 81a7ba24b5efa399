import type { EvalRecordInput } from "@scouter/contracts";
import { uuidv7 } from "../identity/uuidv7.ts";

export interface EvalRecordFields {
  /** What the tasks look at: any JSON value, usually `{ input, output, ... }`. Held by reference until it is sent. */
  readonly context: unknown;
  /** The app's own id of the observation. */
  readonly id?: string;
  /** Groups records of one conversation; default: a new one per record. */
  readonly sessionId?: string;
  /** 32 hexadecimal digits; default: the trace that is active when the record is inserted. */
  readonly traceId?: string;
  /** Such as `span.spanContext()`; used when `traceId` is not given. */
  readonly spanContext?: { readonly traceId: string };
  /** `{ key: value }` or `key=value` texts. */
  readonly tags?: Readonly<Record<string, string>> | readonly string[];
}

/** One observation of an agent, not yet in the wire's form: cheap to make, read only when it is sent. */
export interface EvalRecordItem {
  readonly kind: "eval";
  /** The record's uid, a UUIDv7. Results are found by it; `recordOnSpan` takes it. */
  readonly uid: string;
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
  readonly fields: EvalRecordFields;
}

/** Makes a record for `ScouterQueue.insert`. Does not look at the fields: what cannot be sent is counted as invalid later. */
export function evalRecord(fields: EvalRecordFields): EvalRecordItem {
  return { kind: "eval", uid: uuidv7(), createdAtMs: Date.now(), fields };
}

const NO_TRACE = "0".repeat(32);

/** The trace that the record names itself; undefined when it names none or the invalid id of all zeros. */
export function ownTraceId(item: EvalRecordItem): string | undefined {
  const traceId = item.fields.traceId ?? item.fields.spanContext?.traceId;
  return traceId === NO_TRACE || traceId === "" ? undefined : traceId;
}

/**
 * JSON of the record as a message holds it: `{"AgentEval":{"record":{...}}}`.
 *
 * @param entityUid the profile's uid
 * @param traceId the trace found at insertion, used when the record names none
 * @throws TypeError when the context has no JSON form: undefined, a function, a circle, a bigint
 */
export function evalRecordJson(
  item: EvalRecordItem,
  entityUid: string,
  traceId: string | undefined,
): string {
  const contextJson: string | undefined = JSON.stringify(item.fields.context);
  if (contextJson === undefined) throw new TypeError("the context has no JSON form");
  const rest = JSON.stringify(wireFields(item, entityUid, traceId));
  // The context is most of the text: it is written once and joined, not parsed and written again.
  return `{"AgentEval":{"record":${rest.slice(0, -1)},"context":${contextJson}}}}`;
}

function wireFields(
  item: EvalRecordItem,
  entityUid: string,
  traceId: string | undefined,
): Omit<EvalRecordInput, "context"> {
  const { fields } = item;
  return {
    record_id: fields.id ?? "",
    session_id: fields.sessionId ?? uuidv7(),
    created_at: new Date(item.createdAtMs).toISOString(),
    uid: item.uid,
    id: 0,
    updated_at: null,
    processing_started_at: null,
    processing_ended_at: null,
    processing_duration: null,
    entity_id: 0,
    entity_uid: entityUid,
    status: "Pending",
    entity_type: "Agent",
    retry_count: 0,
    trace_id: ownTraceId(item) ?? traceId ?? null,
    record_source: "User",
    tags: tagTexts(fields.tags),
  };
}

function tagTexts(tags: EvalRecordFields["tags"]): string[] {
  if (tags === undefined) return [];
  if (isTextList(tags)) return [...tags];
  return Object.entries(tags).map(([key, value]) => `${key}=${value}`);
}

function isTextList(tags: NonNullable<EvalRecordFields["tags"]>): tags is readonly string[] {
  return Array.isArray(tags);
}
