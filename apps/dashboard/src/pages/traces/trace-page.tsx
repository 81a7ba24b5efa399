import { Page } from "../../page/page.tsx";
import { Empty } from "../../page/states.tsx";

export function TracePage() {
  return (
    <Page title="Trace" description="One request from its beginning to its end">
      <Empty title="Not here yet">This page is being built.</Empty>
    </Page>
  );
}
