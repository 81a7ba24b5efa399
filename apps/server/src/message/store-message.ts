import { ScouterError, tagRecord, type Json, type JsonObject } from "@scouter/contracts";
import {
  makeStorable,
  type DeliveryReport,
  type ItemOutcome,
  type MessageIdentity,
  type ReceivedItem,
} from "@scouter/database";
import type { WriteCheck } from "../auth/may-write-to.ts";
import { errors } from "../errors.ts";
import type { Ingest } from "../ingest/ingest.ts";
import type { Logger } from "../log/make-logger.ts";
import type { ServerMetrics } from "../metrics/server-metrics.ts";
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

export interface IncomingMessage {
  /** JSON, not compressed. */
  readonly body: Uint8Array;
  /** Records of a message with an identity are stored once however often they come. */
  readonly identity: MessageIdentity | undefined;
  /** What the sender tells of itself. */
  readonly report?: DeliveryReport | undefined;
  /** Asked for each profile that records name; spans and tags belong to none. */
  readonly refusalFor: WriteCheck;
}

/** Stores one message, whichever of the three kinds it is, and says what became of each item. */
export async function storeMessage(
  incoming: IncomingMessage,
  parts: MessageParts,
): Promise<MessageOutcome> {
  const { body } = incoming;
  if (startsAsTraceRequest(body)) return storeSpans(body, parts);
  const message = parseJson(body);
  switch (messageKindOf(message)) {
    case "records":
      return storeRecords((message as JsonObject)["records"] as readonly Json[], incoming, parts);
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
  { body, identity, report, refusalFor }: IncomingMessage,
  parts: MessageParts,
): Promise<MessageOutcome> {
  if (records.length === 0) throw errors.SERVER_RECORDS_EMPTY({});
  const mayBeUnstorable = UNSTORABLE_ESCAPE.test(Buffer.from(body).toString("latin1"));
  const rejected: RejectedItem[] = [];
  const good: { readonly index: number; readonly item: ReceivedItem }[] = [];
  for (const [index, tagged] of records.entries()) {
    const reading = readRecord(tagged, mayBeUnstorable);
    if (reading.kind === "refused") {
      rejected.push(rejectedItem(index, reading.error, reading.uid));
      continue;
    }
    const refusal = await refusalFor(profileUidOf(reading.item));
    if (refusal !== undefined) {
      rejected.push(rejectedItem(index, refusal, uidOf(reading.item)));
      continue;
    }
    parts.onReplacedCharacters(reading.replaced);
    good.push({ index, item: reading.item });
  }
  if (good.length > 0) {
    const items = good.map(({ item }) => item);
    const outcomes = await parts.ingest.records({ identity, report, items }, body.byteLength);
    good.forEach(({ index, item }, position) => {
      const error = errorOf(outcomes[position], item, parts);
      if (error !== undefined) rejected.push(rejectedItem(index, error, uidOf(item)));
    });
  }
  return {
    accepted: records.length - rejected.length,
    rejected: rejected.toSorted((left, right) => left.index - right.index),
  };
}

/** What a record is called in replies: its own uid, or that of the profile it was observed for. */
function uidOf(received: ReceivedItem): string {
  return received.kind === "eval-record" ? received.item.record.uid : received.item.profileUid;
}

function profileUidOf(received: ReceivedItem): string {
  return received.kind === "eval-record"
    ? received.item.record.entity_uid
    : received.item.profileUid;
}

function errorOf(
  outcome: ItemOutcome | undefined,
  received: ReceivedItem,
  parts: MessageParts,
): unknown {
  if (outcome === "stored" || outcome === "duplicate") return undefined;
  if (outcome === "unknown-profile" || outcome === "other-kind") return unknownProfile(received);
  if (outcome === "unknown-series") return unknownSeries(received);
  // What no database could store is the sender's affair, and no line of the log.
  if (outcome?.code === undefined || outcome.code === "DATABASE_QUERY_FAILED")
    parts.onFault(outcome);
  return outcome === undefined
    ? errors.SERVER_INTERNAL({})
    : new ScouterError({ kind: "invalid", ...outcome });
}

function unknownProfile(received: ReceivedItem): ScouterError {
  const driftType = received.kind === "eval-record" ? "Agent" : received.item.kind;
  return errors.SERVER_PROFILE_UNKNOWN({ uid: profileUidOf(received), driftType });
}

function unknownSeries(received: ReceivedItem): ScouterError | undefined {
  if (received.kind === "eval-record") return undefined;
  const { profileUid: uid, series } = received.item;
  return errors.SERVER_SERIES_UNKNOWN({ uid, series });
}
