import { Page } from "../../page/page.tsx";
import { Empty } from "../../page/states.tsx";

export function DriftPage() {
  return (
    <Page title="Drift" description="Features by window against their reference">
      <Empty title="Not here yet">This page is being built.</Empty>
    </Page>
  );
}
