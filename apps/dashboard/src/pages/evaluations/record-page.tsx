import { useParams } from "@tanstack/react-router";
import { Page } from "../../page/page.tsx";
import { QueryState } from "../../page/query-state.tsx";
import { PageLink } from "../../url/page-link.tsx";
import { useRecord } from "./evaluation-queries.ts";
import { RecordDetails } from "./record/record-details.tsx";

export function RecordPage() {
  const { profileUid = "", recordUid = "" } = useParams({ strict: false });
  const record = useRecord(profileUid, recordUid);
  const profile = record.data?.profile;
  return (
    <Page
      title={record.data === undefined ? "Record" : `Record ${record.data.record_id}`}
      description={
        <>
          of{" "}
          <PageLink to="/evaluations/$profileUid" params={{ profileUid }}>
            {profile === undefined
              ? "its profile"
              : `${profile.space}/${profile.name}/${profile.version}`}
          </PageLink>
        </>
      }
    >
      <QueryState query={record} what="the record">
        {(value) => <RecordDetails record={value} />}
      </QueryState>
    </Page>
  );
}
