import { PageLink } from "../url/page-link.tsx";
import { Page } from "./page.tsx";
import { Empty } from "./states.tsx";

export function MissingPage() {
  return (
    <Page title="No such page">
      <Empty
        title="There is nothing at this address"
        actions={<PageLink to="/">Overview</PageLink>}
      >
        The link may be old, or something is missing at its end.
      </Empty>
    </Page>
  );
}
