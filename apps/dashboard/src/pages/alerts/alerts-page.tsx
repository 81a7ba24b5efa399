import { Page } from "../../page/page.tsx";
import { Empty } from "../../page/states.tsx";

export function AlertsPage() {
  return (
    <Page title="Alerts" description="What was told to whom, and what is still open">
      <Empty title="Not here yet">This page is being built.</Empty>
    </Page>
  );
}
