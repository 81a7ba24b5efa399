import type { TraceHeader } from "@scouter/contracts";
import type { ReactNode } from "react";
import { StatusChip } from "../../figure/status-chip.tsx";
import { formatCount, formatDuration } from "../../format/number.ts";
import { formatExactTime } from "../../format/time.ts";
import { CopyableId } from "./copyable-id.tsx";

/** What is to be known about the whole trace. */
export function TraceFigures({ trace }: { readonly trace: TraceHeader }) {
  const { tokens, error_count: errors } = trace;
  const cached = tokens.cache_read > 0 ? `, ${formatCount(tokens.cache_read)} from a cache` : "";
  return (
    <dl className="trace-figures numeric">
      <Figure name="Status">
        <StatusChip
          status={errors === 0 ? "ok" : "failed"}
          word={errors === 0 ? "No errors" : `${formatCount(errors)} failed`}
        />
      </Figure>
      <Figure name="Start">{formatExactTime(trace.start)}</Figure>
      <Figure name="Duration">{formatDuration(trace.duration_ns / 1000)}</Figure>
      <Figure name="Spans">{formatCount(trace.span_count)}</Figure>
      <Figure name="Tokens">
        {formatCount(tokens.input)} in{cached}, {formatCount(tokens.output)} out
      </Figure>
      {trace.models.length > 0 && <Figure name="Models">{trace.models.join(", ")}</Figure>}
      <Figure name={trace.services.length === 1 ? "Service" : "Services"}>
        {trace.services.join(", ")}
      </Figure>
    </dl>
  );
}

/** The ids that other tools know the trace by. */
export function TraceIds({ trace }: { readonly trace: TraceHeader }) {
  return (
    <span className="trace-ids">
      <span>
        Trace <CopyableId id={trace.trace_id} what="trace id" />
      </span>
      {trace.conversation_id !== null && (
        <span>
          Conversation <CopyableId id={trace.conversation_id} what="conversation id" />
        </span>
      )}
    </span>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
