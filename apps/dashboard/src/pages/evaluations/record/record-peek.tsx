import { PeekPanel } from "../../../peek/peek-panel.tsx";
import { QueryState } from "../../../page/query-state.tsx";
import type { Peek } from "../../../peek/use-peek.ts";
import { PageLink } from "../../../url/page-link.tsx";
import { useRecord } from "../evaluation-queries.ts";
import { RecordDetails } from "./record-details.tsx";

interface RecordPeekProps {
  readonly peek: Peek;
  readonly profileUid: string;
}

/** The record of the chosen row beside the table. */
export function RecordPeek({ peek, profileUid }: RecordPeekProps) {
  const { key } = peek;
  return key === undefined ? undefined : (
    <OpenPeek peek={peek} profileUid={profileUid} recordUid={key} />
  );
}

function OpenPeek({
  peek,
  profileUid,
  recordUid,
}: RecordPeekProps & { readonly recordUid: string }) {
  const record = useRecord(profileUid, recordUid);
  const shown = record.data;
  return (
    <PeekPanel
      peek={peek}
      title={shown === undefined ? "Record" : `Record ${shown.record_id}`}
      fullPage={
        <PageLink
          to="/evaluations/$profileUid/records/$recordUid"
          params={{ profileUid, recordUid }}
          size="sm"
        >
          Full page
        </PageLink>
      }
    >
      <div style={record.isPlaceholderData ? { opacity: 0.5 } : undefined}>
        <QueryState query={record} what="the record">
          {(value) => <RecordDetails key={value.uid} record={value} />}
        </QueryState>
      </div>
    </PeekPanel>
  );
}
