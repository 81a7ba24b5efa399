import { tagRecord, type Json, type JsonObject } from "@scouter/contracts";
import { makeStorable, type EvalRecordToStore } from "@scouter/database";
import type { WriteCheck } from "../auth/may-write-to.ts";
import { errors } from "../errors.ts";
import type { Ingest } from "../ingest/ingest.ts";
import type { Logger } from "../log/make-logger.ts";
import type { ServerMetrics } from "../metrics/server-metrics.ts";
import type { Settled } from "../ingest/channel.ts";
import { parseJson } from "../json/parse-json.ts";
import { describeShape, messageKindOf, startsAsTraceRequest } from "./message-kind.ts";
import { rejectedItem, type MessageOutcome, type RejectedItem } from "./message-outcome.ts";
import { readRecord } from "./read-record.ts";

export interface MessageParts {
  readonly ingest: Ingest;
  onReplacedCharacters(count: number): void;
  /** A record failed for a reason of ours; it is refused, its neighbours are not. */
  onFault(error: unknown): void;
}

export function messageParts(parts: {
  readonly ingest: Ingest;
  readonly metrics: ServerMetrics;
  readonly logger: Logger;
}): MessageParts {
  return {
    ingest: parts.ingest,
    onReplacedCharacters: (count) => {
      if (count > 0) parts.metrics.replacedCharacters.inc(count);
    },
    onFault: (err) => parts.logger.error({ err }, "a record could not be stored"),
  };
}

/**
 * Stores one message, whichever of the three kinds it is, and says what became of each item.
 *
 * @param body JSON, not compressed
 * @param refusalFor asked for each profile that records name; spans and tags belong to none
 */
export async function storeMessage(
  body: Uint8Array,
  parts: MessageParts,
  refusalFor: WriteCheck,
): Promise<MessageOutcome> {
  if (startsAsTraceRequest(body)) return storeSpans(body, parts);
  const message = parseJson(body);
  switch (messageKindOf(message)) {
    case "records":
      return storeRecords(
        (message as JsonObject)["records"] as readonly Json[],
        body,
        parts,
        refusalFor,
      );
    case "request":
      return storeSpans(body, parts);
    case "tag":
      return storeTag(message, body, parts);
    default:
      throw errors.SERVER_MESSAGE_UNKNOWN({ given: describeShape(message) });
  }
}

async function storeSpans(body: Uint8Array, parts: MessageParts): Promise<MessageOutcome> {
  const reply = await parts.ingest.spans({
    body,
    format: "message-json",
    contentEncoding: "identity",
  });
  const rejected = reply.rejected.map(({ index, code, reason }) => ({
    index,
    code,
    message: reason,
  }));
  return { accepted: reply.accepted, rejected };
}

async function storeTag(
  message: Json,
  body: Uint8Array,
  parts: MessageParts,
): Promise<MessageOutcome> {
  const { value, replaced } = makeStorable(message);
  parts.onReplacedCharacters(replaced);
  const [outcome] = await parts.ingest.tags([tagRecord.parse(value)], body.byteLength);
  if (outcome?.status === "failed") throw outcome.error;
  return { accepted: 1, rejected: [] };
}

/** Escapes of NUL and of surrogates, the only way that JSON in UTF-8 can bring them. */
const UNSTORABLE_ESCAPE = /\\u(0000|d[89a-f][0-9a-f]{2})/i;

async function storeRecords(
  records: readonly Json[],
  body: Uint8Array,
  parts: MessageParts,
  refusalFor: WriteCheck,
): Promise<MessageOutcome> {
  if (records.length === 0) throw errors.SERVER_RECORDS_EMPTY({});
  const mayBeUnstorable = UNSTORABLE_ESCAPE.test(Buffer.from(body).toString("latin1"));
  const rejected: RejectedItem[] = [];
  const good: { readonly index: number; readonly record: EvalRecordToStore }[] = [];
  for (const [index, tagged] of records.entries()) {
    const reading = readRecord(tagged, mayBeUnstorable);
    if (reading.kind === "refused") {
      rejected.push(rejectedItem(index, reading.error, reading.uid));
      continue;
    }
    const { uid, entity_uid: profileUid } = reading.record.record;
    const refusal = await refusalFor(profileUid);
    if (refusal !== undefined) {
      rejected.push(rejectedItem(index, refusal, uid));
      continue;
    }
    parts.onReplacedCharacters(reading.replaced);
    good.push({ index, record: reading.record });
  }
  if (good.length > 0) {
    const outcomes = await parts.ingest.records(
      good.map(({ record }) => record),
      body.byteLength,
    );
    good.forEach(({ index, record }, position) => {
      const error = errorOf(outcomes[position], record, parts);
      if (error !== undefined) rejected.push(rejectedItem(index, error, record.record.uid));
    });
  }
  return {
    accepted: records.length - rejected.length,
    rejected: rejected.toSorted((left, right) => left.index - right.index),
  };
}

function errorOf(
  outcome: Settled<string> | undefined,
  { record }: EvalRecordToStore,
  parts: MessageParts,
): unknown {
  if (outcome?.status === "done") {
    return outcome.result === "unknown-profile"
      ? errors.SERVER_PROFILE_UNKNOWN({ uid: record.entity_uid })
      : undefined;
  }
  parts.onFault(outcome?.error);
  return outcome?.error ?? errors.SERVER_INTERNAL({});
}
