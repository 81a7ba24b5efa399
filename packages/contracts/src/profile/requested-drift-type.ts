import { z } from "zod";
import { driftType, type DriftType } from "./agent-profile.ts";

/** What the Python client up to 0.25, the last one published, calls the kind `Agent`. */
export const EARLIER_AGENT_TYPE = "GenAI";

/** A kind of profile in a client's own word; {@link driftTypeOf} gives ours. */
export const driftTypeWord = z.enum([...driftType.options, EARLIER_AGENT_TYPE]);
export type DriftTypeWord = z.infer<typeof driftTypeWord>;

export function driftTypeOf(word: DriftTypeWord): DriftType {
  return word === EARLIER_AGENT_TYPE ? "Agent" : word;
}

/** In a request whose reply does not repeat the word. */
export const requestedDriftType = driftTypeWord.transform(driftTypeOf);
