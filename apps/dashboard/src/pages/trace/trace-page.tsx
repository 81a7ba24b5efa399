import { Alert } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { formatCount } from "../../format/number.ts";
import { Page } from "../../page/page.tsx";
import { QueryState } from "../../page/query-state.tsx";
import { PageLink } from "../../url/page-link.tsx";
import { TraceExplorer } from "./trace-explorer.tsx";
import { TraceFigures, TraceIds } from "./trace-figures.tsx";
import { useTrace, type LoadedTrace } from "./use-trace.ts";

export function TracePage() {
  const { traceId = "" } = useParams({ strict: false });
  // A key: the figures of one trace must not stand under the address of the next.
  return <OneTrace key={traceId} traceId={traceId} />;
}

function OneTrace({ traceId }: { readonly traceId: string }) {
  const query = useTrace(traceId);
  return (
    <Page
      title={query.data?.trace.root_name || "Trace"}
      description={query.data && <TraceIds trace={query.data.trace} />}
      actions={
        <PageLink to="/traces" size="sm">
          All traces
        </PageLink>
      }
    >
      <QueryState query={query} what={`Trace ${traceId}`}>
        {(loaded) => (
          <>
            <TraceFigures trace={loaded.trace} />
            <CutNote loaded={loaded} />
            <TraceExplorer {...loaded} />
          </>
        )}
      </QueryState>
    </Page>
  );
}

/** Of a trace beyond all measure a part is shown, and it says so. */
function CutNote({ loaded: { trace, rows } }: { readonly loaded: LoadedTrace }) {
  if (rows.count >= trace.span_count) return undefined;
  return (
    <Alert color="yellow" variant="outline" role="status">
      The first {formatCount(rows.count)} of {formatCount(trace.span_count)} spans are shown.
    </Alert>
  );
}
