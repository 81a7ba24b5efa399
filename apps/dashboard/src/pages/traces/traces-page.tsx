import { Page } from "../../page/page.tsx";
import { Empty } from "../../page/states.tsx";

export function TracesPage() {
  return (
    <Page title="Traces" description="What agents and services did, span by span">
      <Empty title="Not here yet">This page is being built.</Empty>
    </Page>
  );
}
