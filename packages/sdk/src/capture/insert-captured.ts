import { uuidv7 } from "../identity/uuidv7.ts";
import { ownTraceId } from "../record/eval-record.ts";
import type { QueueItem } from "../queue/queue-options.ts";
import type { CaptureScope } from "./capture-scope.ts";

/**
 * Gives an item to the offline evaluation it was made in. It is not sampled and not sent: a run of a suite is no traffic.
 *
 * @returns false for an item that has no JSON form
 */
export function insertCaptured(
  scope: CaptureScope,
  alias: string,
  item: QueueItem,
  activeTraceId: () => string | undefined,
): boolean {
  try {
    const given = typeof item === "function" ? item() : item;
    // Rows for a model's profile are no part of an agent's answer.
    if (given.kind !== "eval") return false;
    const { uid, fields, ...made } = given;
    const contextJson: string | undefined = JSON.stringify(fields.context);
    if (contextJson === undefined) return false;
    scope.addRecord(alias, {
      uid,
      recordId: fields.id ?? "",
      sessionId: fields.sessionId ?? uuidv7(),
      traceId: ownTraceId({ uid, fields, ...made }) ?? activeTraceId() ?? null,
      contextJson,
    });
    return true;
  } catch {
    // As everywhere in a queue: what the app gives must not make its call of `insert` throw.
    return false;
  }
}
