import { Button } from "@mantine/core";
import { Page } from "../../page/page.tsx";
import { QueryState } from "../../page/query-state.tsx";
import { Empty } from "../../page/states.tsx";
import { useUrlParameter } from "../../url/search.ts";
import { useEvaluationProfiles } from "./evaluation-queries.ts";
import { firstProfileProgram } from "./first-record.ts";
import { EvaluationsTable } from "./list/evaluations-table.tsx";

export function EvaluationsPage() {
  const [space, setSpace] = useUrlParameter("space");
  const profiles = useEvaluationProfiles(space);
  return (
    <Page
      title="Evaluations"
      description="How well agents answered in the chosen time: every profile, its tasks counted over all records"
    >
      <QueryState query={profiles} what="evaluation profiles">
        {({ value }) =>
          value.items.length === 0 ? (
            <NoProfile space={space} onAllSpaces={() => setSpace(undefined)} />
          ) : (
            <EvaluationsTable page={value} />
          )
        }
      </QueryState>
    </Page>
  );
}

interface NoProfileProps {
  readonly space: string | undefined;
  readonly onAllSpaces: () => void;
}

function NoProfile({ space, onAllSpaces }: NoProfileProps) {
  const endpoint = window.location.origin;
  return (
    <Empty
      title={space === undefined ? "No agent profile yet" : `No agent profile in space ${space}`}
      snippet={firstProfileProgram(endpoint, space ?? "my-team")}
      waitingFor="the first profile"
      actions={
        space !== undefined && (
          <Button size="xs" variant="default" onClick={onAllSpaces}>
            Show all spaces
          </Button>
        )
      }
    >
      An agent profile says which tasks check each answer. This program registers one and sends a
      first record; <code className="mono">npx scouter demo --url {endpoint}</code> brings sample
      data.
    </Empty>
  );
}
