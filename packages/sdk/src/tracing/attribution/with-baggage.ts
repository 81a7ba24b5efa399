import { context, propagation, type Baggage } from "@opentelemetry/api";
import { baggageKeys } from "./baggage-keys.ts";

/** A profile, as registration returned it, or its uid. */
export type ProfileReference = string | { readonly uid: string };

/**
 * Everything traced within `run`, in this process and (while baggage is propagated) in services called from it, belongs
 * to the profile: its traces are evaluated by the profile's tasks.
 */
export function withActiveProfile<Result>(profile: ProfileReference, run: () => Result): Result {
  const uid = typeof profile === "string" ? profile : profile.uid;
  return withBaggage({ [baggageKeys.activeProfile]: uid }, run);
}

/** Puts tags on every trace that has a span within `run`; traces are found by them. */
export function withTags<Result>(
  tags: Readonly<Record<string, string>>,
  run: () => Result,
): Result {
  const entries = Object.entries(tags).map(([key, value]) => [baggageKeys.tagPrefix + key, value]);
  return withBaggage(Object.fromEntries(entries) as Record<string, string>, run);
}

/** Adds entries to OpenTelemetry's baggage for `run`; what was there before stays. */
export function withBaggage<Result>(
  entries: Readonly<Record<string, string>>,
  run: () => Result,
): Result {
  const active = context.active();
  let baggage: Baggage = propagation.getBaggage(active) ?? propagation.createBaggage();
  for (const [key, value] of Object.entries(entries)) {
    baggage = baggage.setEntry(key, { value });
  }
  return context.with(propagation.setBaggage(active, baggage), run);
}
