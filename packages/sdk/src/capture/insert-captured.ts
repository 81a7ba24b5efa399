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
    const { uid, fields, ...made } = typeof item === "function" ? item() : item;
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
