import { Button } from "@mantine/core";
import { Empty } from "../../page/states.tsx";
import { useTimeRange } from "../../time/use-time-range.ts";

interface NoTracesProps {
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}

export function NoTraces({ isFiltered, onClear }: NoTracesProps) {
  const { text, setText } = useTimeRange();
  const longer = text !== LONGEST && (
    <Button size="xs" variant="default" onClick={() => setText(LONGEST)}>
      Look at the last 30 days
    </Button>
  );
  if (isFiltered) {
    return (
      <Empty
        title="No trace matches the filter"
        actions={
          <Button.Group>
            <Button size="xs" variant="default" onClick={onClear}>
              Clear the filter
            </Button>
            {longer}
          </Button.Group>
        }
      >
        All tokens of different keys must hold, and those about a span for one and the same span.
      </Empty>
    );
  }
  const endpoint = window.location.origin;
  return (
    <Empty
      title="No trace in this time range"
      waitingFor="the first trace"
      snippet={[
        "# your own app, with any OpenTelemetry exporter",
        `export OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${endpoint}/v1/traces`,
        "",
        "# or sample data: an agent that answers questions about cars",
        `npx scouter demo --url ${endpoint}`,
      ].join("\n")}
      actions={longer}
    >
      Send traces over OTLP, or look further back.
    </Empty>
  );
}

const LONGEST = "30d";
