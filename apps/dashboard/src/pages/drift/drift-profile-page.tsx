import { Page } from "../../page/page.tsx";
import { Empty } from "../../page/states.tsx";

export function DriftProfilePage() {
  return (
    <Page title="Drift profile" description="One profile's features over time">
      <Empty title="Not here yet">This page is being built.</Empty>
    </Page>
  );
}
