import { useParams } from "@tanstack/react-router";
import { AlertDetails } from "./alert-details.tsx";
import { useAlert } from "./alert-queries.ts";
import { timeZoneName } from "../../format/time.ts";
import { Page } from "../../page/page.tsx";
import { QueryState } from "../../page/query-state.tsx";
import { PageLink } from "../../url/page-link.tsx";

/** One alert from its opening to its end. */
export function AlertPage() {
  const { alertId } = useParams({ strict: false });
  const alert = useAlert(alertId ?? "");
  return (
    <Page
      title={alert.data === undefined ? "Alert" : `Alert on ${alert.data.feature}`}
      description={`States, messages and values of alert ${alertId ?? ""}. Times in ${timeZoneName()}.`}
      actions={
        <PageLink to="/alerts" size="sm">
          All alerts
        </PageLink>
      }
    >
      <QueryState query={alert} what="the alert">
        {(value) => <AlertDetails alert={value} />}
      </QueryState>
    </Page>
  );
}
