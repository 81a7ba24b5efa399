import {
  anyUrl,
  insertMessageResponse,
  retryInfo,
  rpcStatus,
  type InsertMessageResponse,
} from "@scouter/contracts/grpc";
import type { RejectedItem, SendResult } from "./transport.ts";
import type { FailedCall } from "./unary-call.ts";

const RESOURCE_EXHAUSTED = 8;
/** CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, ABORTED, INTERNAL, UNAVAILABLE: faults of the server or of what lies between. */
const MAY_PASS: ReadonlySet<number> = new Set([1, 2, 4, 10, 13, 14]);

/** What an answer of `InsertMessage` means for the batch. */
export function sendResultOfMessage(bytes: Uint8Array, itemCount: number): SendResult {
  const reply = decoded(() => insertMessageResponse.decode(bytes));
  if (reply?.status !== "success" && reply?.status !== "partial_success") {
    return { outcome: "retry", reason: "grpc: an answer that is not Scouter's" };
  }
  return { outcome: "acknowledged", rejected: rejectedOf(reply, itemCount) };
}

/**
 * What a status other than OK means. `RESOURCE_EXHAUSTED` says both "busy" and "too large"; only the first comes with a
 * pause, or from something that is not Scouter.
 */
export function sendResultOfStatus(failure: FailedCall, itemCount: number): SendResult {
  const { status, code, message } = failure;
  const details = detailsOf(failure);
  const reason = `grpc: status ${status}: ${message}`;
  if (details.retryAfterMs !== undefined) {
    return { outcome: "retry", reason, retryAfterMs: details.retryAfterMs };
  }
  if (MAY_PASS.has(status) || (status === RESOURCE_EXHAUSTED && code === undefined)) {
    return { outcome: "retry", reason };
  }
  const ownCode = code ?? `GRPC_STATUS_${status}`;
  if (details.refused === undefined) return { outcome: "failed", code: ownCode, reason };
  return { outcome: "acknowledged", rejected: allRejected(details.refused, itemCount, ownCode) };
}

interface Details {
  readonly retryAfterMs: number | undefined;
  /** The items that a server names which refused them all. */
  readonly refused: InsertMessageResponse | undefined;
}

function detailsOf({ details: bytes }: FailedCall): Details {
  const status = bytes === undefined ? undefined : decoded(() => rpcStatus.decode(bytes));
  let retryAfterMs: number | undefined;
  let refused: InsertMessageResponse | undefined;
  for (const { type_url: url, value } of status?.details ?? []) {
    if (url === anyUrl(retryInfo.name)) {
      const delay = decoded(() => retryInfo.decode(value))?.retry_delay;
      if (delay !== undefined) retryAfterMs = delay.seconds * 1000 + delay.nanos / 1_000_000;
    } else if (url === anyUrl(insertMessageResponse.name)) {
      refused = decoded(() => insertMessageResponse.decode(value));
    }
  }
  return { retryAfterMs, refused };
}

/** The server names as many as fit into a header; the others were refused as well. */
function allRejected(
  named: InsertMessageResponse,
  itemCount: number,
  code: string,
): readonly RejectedItem[] {
  const byIndex = new Map(rejectedOf(named, itemCount).map((item) => [item.index, item]));
  return Array.from(
    { length: itemCount },
    (_, index) => byIndex.get(index) ?? { index, code, message: "" },
  );
}

function rejectedOf(reply: InsertMessageResponse, itemCount: number): readonly RejectedItem[] {
  const byIndex = new Map<number, RejectedItem>();
  for (const { index, code, message } of reply.rejected) {
    if (index >= itemCount || byIndex.has(index)) continue;
    byIndex.set(index, { index, code: code === "" ? "REJECTED" : code, message });
  }
  return [...byIndex.values()];
}

/** What cannot be read was not sent by us. */
function decoded<Value>(decode: () => Value): Value | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
