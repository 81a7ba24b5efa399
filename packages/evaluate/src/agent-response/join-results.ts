import type { Json } from "@scouter/contracts";
import type { ToolCall } from "./agent-response.ts";

/** A result that came in a message of its own, to be joined with its call. */
export interface ToolResultPart {
  /** Id of the call; null where the vendor has none. */
  readonly callId: string | null;
  /** Name of the tool; null where the vendor tells only the id. */
  readonly name: string | null;
  readonly result: Json;
}

/**
 * Gives calls their results: by id, else (Gemini has none) the first result of that name that no call took yet. A call
 * that has a result already keeps it.
 */
export function joinResults(
  calls: readonly ToolCall[],
  parts: readonly ToolResultPart[],
): readonly ToolCall[] {
  if (parts.length === 0) return calls;
  const left = new Set(parts);
  return calls.map((call) => {
    if (call.result !== null) return call;
    for (const part of left) {
      const fits =
        part.callId === null || call.id === null
          ? part.name === call.name
          : part.callId === call.id;
      if (!fits) continue;
      left.delete(part);
      return { ...call, result: part.result };
    }
    return call;
  });
}
