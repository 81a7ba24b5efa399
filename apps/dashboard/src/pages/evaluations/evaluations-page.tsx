import { Page } from "../../page/page.tsx";
import { Empty } from "../../page/states.tsx";

export function EvaluationsPage() {
  return (
    <Page title="Evaluations" description="How well agents answered, task by task">
      <Empty title="Not here yet">This page is being built.</Empty>
    </Page>
  );
}
