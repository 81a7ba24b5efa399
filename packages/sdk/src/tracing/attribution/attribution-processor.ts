import type { Attributes, BaggageEntry, Context } from "@opentelemetry/api";
import type { Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import { scouterAttributes } from "../attribute-keys.ts";
import { baggageKeys } from "./baggage-keys.ts";

export interface AttributionOptions {
  /** Set on every span that does not set them itself. */
  readonly defaultAttributes?: Attributes;
  /** Uid of the profile that spans belong to when no profile is active. */
  readonly defaultProfileUid?: string;
  /** Reads the baggage of a context, as `propagation.getBaggage(context)?.getAllEntries()` does. */
  readonly baggageOf: (context: Context) => readonly [string, BaggageEntry][] | undefined;
}

/**
 * Writes on each span, at its start, what the context says of it: the active profile, tags, baggage, and the attributes
 * that all spans have. What a span sets itself stays.
 */
export function attributionProcessor(options: AttributionOptions): SpanProcessor {
  const { baggageOf, defaultAttributes = {}, defaultProfileUid } = options;
  const defaults = Object.entries(defaultAttributes);
  return {
    onStart(span: Span, parent: Context) {
      for (const [key, value] of defaults) {
        if (value !== undefined && !(key in span.attributes)) span.setAttribute(key, value);
      }
      const entries = baggageOf(parent) ?? [];
      for (const [key, { value }] of entries) setBaggage(span, key, value);
      const active = entries.find(([key]) => key === baggageKeys.activeProfile)?.[1].value;
      const uid = active ?? defaultProfileUid;
      if (uid !== undefined && !namesProfile(span)) {
        span.setAttribute(`${scouterAttributes.entity}.${uid}`, uid);
      }
    },
    onEnd() {
      // Everything is known at the start.
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

/** Tags become tags of the trace, the scenario an attribute, other entries baggage of the trace. */
function setBaggage(span: Span, key: string, value: string): void {
  if (key === baggageKeys.activeProfile) return;
  if (key === baggageKeys.scenario) span.setAttribute(scouterAttributes.scenarioId, value);
  else span.setAttribute(`baggage.${key}`, value);
}

function namesProfile(span: Span): boolean {
  return Object.keys(span.attributes).some((key) => key.startsWith(scouterAttributes.entity));
}
