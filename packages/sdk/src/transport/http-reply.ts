import { jsonObject } from "../client/json-object.ts";
import { readServerProblem } from "../client/server-problem.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { RejectedItem, SendResult } from "./transport.ts";

export interface HttpReply {
  readonly status: number;
  /** Value of the `Retry-After` header. */
  readonly retryAfter: string | null;
  readonly text: string;
}

/**
 * What a reply to `POST /scouter/message` means for the batch.
 *
 * - 2xx with Scouter's body: stored, but for the items it lists. Any other 2xx body comes from something between us and
 *   the server, so nothing is known to be stored.
 * - 429 and 5xx: try again; the batch keeps its identity, so a server that did store it drops the repeat.
 * - 400 and 422 that refuse every item by position: each item's own code. Every other status: the whole batch is refused.
 */
export function sendResultOfReply(reply: HttpReply, itemCount: number, nowMs: number): SendResult {
  const { status } = reply;
  if (status >= 200 && status <= 299) return resultOfSuccess(reply, itemCount);
  const problem = readServerProblem(status, reply.text);
  if (status === 429 || status >= 500) {
    const pauseMs = retryAfterMs(reply.retryAfter, nowMs);
    const reason = `${status} ${problem.code}: ${problem.message}`;
    return pauseMs === undefined
      ? { outcome: "retry", reason }
      : { outcome: "retry", reason, retryAfterMs: pauseMs };
  }
  const rejected = rejectedItems(jsonObject(reply.text), itemCount);
  if ((status === 400 || status === 422) && rejected.length === itemCount) {
    return { outcome: "acknowledged", rejected };
  }
  return { outcome: "failed", code: problem.code, reason: `${status}: ${problem.message}` };
}

function resultOfSuccess(reply: HttpReply, itemCount: number): SendResult {
  const body = jsonObject(reply.text);
  if (body?.["status"] !== "success" && body?.["status"] !== "partial_success") {
    const beginning = reply.text.slice(0, 100);
    return {
      outcome: "retry",
      reason: `${reply.status} without a Scouter reply: '${beginning}'`,
    };
  }
  return { outcome: "acknowledged", rejected: rejectedItems(body, itemCount) };
}

/** The reply's `rejected` entries that name a position of this batch, each position once. */
function rejectedItems(
  body: Readonly<Record<string, unknown>> | undefined,
  itemCount: number,
): readonly RejectedItem[] {
  const listed: unknown = body?.["rejected"];
  if (!Array.isArray(listed)) return [];
  const byIndex = new Map<number, RejectedItem>();
  for (const entry of listed as readonly unknown[]) {
    if (typeof entry !== "object" || entry === null) continue;
    const { index, code, message } = entry as Readonly<Record<string, unknown>>;
    if (typeof index !== "number" || !Number.isInteger(index)) continue;
    if (index < 0 || index >= itemCount || byIndex.has(index)) continue;
    byIndex.set(index, {
      index,
      code: typeof code === "string" && code !== "" ? code : "REJECTED",
      message: typeof message === "string" ? message : "",
    });
  }
  return [...byIndex.values()];
}
