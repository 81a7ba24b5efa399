import { Page } from "../../page/page.tsx";
import { Empty } from "../../page/states.tsx";

export function EvaluationPage() {
  return (
    <Page title="Evaluation profile" description="Its tasks, gates, and records">
      <Empty title="Not here yet">This page is being built.</Empty>
    </Page>
  );
}
