import type { TraceLake } from "@scouter/lake";
import type { SpanRow } from "@scouter/telemetry";
import type { FastifyReply } from "fastify";
import { errors } from "../../../errors.ts";
import { disconnectSignal } from "../../disconnect-signal.ts";

/** Spans of one reply: to write more as JSON would hold up everything else for seconds. */
const MAX_SPANS = 20_000;

/** All spans of a trace. @throws `SERVER_TRACE_TOO_LARGE` */
export async function wholeTrace(
  lake: Pick<TraceLake, "spansOf">,
  traceId: string,
  reply: FastifyReply,
): Promise<readonly SpanRow[]> {
  const signal = disconnectSignal(reply);
  const spans = await lake.spansOf(traceId, { signal, limit: MAX_SPANS + 1 });
  if (spans.length > MAX_SPANS) {
    throw errors.SERVER_TRACE_TOO_LARGE({ traceId, limit: MAX_SPANS, what: "spans" });
  }
  return spans;
}
