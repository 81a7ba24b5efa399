import type { SpanRow } from "../span/span-row.ts";
import { canonicalUuid } from "./special-keys.ts";

/**
 * Entities of a span that are named beside a queued record, in the span's own attributes or in those of one event: what
 * was queued is evaluated in its own right. Sorted, each once. Cheap for spans that queue nothing.
 */
export function queuedEntitiesOf(
  span: Pick<SpanRow, "attributes" | "events" | "queueIds">,
): readonly string[] {
  if (span.queueIds.length === 0) return [];
  const found = new Set<string>();
  for (const attributes of [span.attributes, ...span.events.map((event) => event.attributes)]) {
    if (uuidOf(attributes.get("scouter.queue.record")) === null) continue;
    for (const [key, json] of attributes) {
      const uid = key.startsWith("scouter.entity") ? uuidOf(json) : null;
      if (uid !== null) found.add(uid);
    }
  }
  return [...found].toSorted();
}

function uuidOf(json: string | undefined): string | null {
  if (json === undefined || !json.startsWith('"')) return null;
  return canonicalUuid(JSON.parse(json) as string);
}
