import type { AlertItem } from "@scouter/contracts";
import type { ReactNode } from "react";
import { alertFigures } from "./alert-figures.ts";
import { alertLook, severityLook, severityWeight } from "./alert-look.ts";
import { kindWord } from "../drift/drift-kinds.ts";
import { StatusChip } from "../../figure/status-chip.tsx";
import { TimeText } from "../../format/time-text.tsx";
import type { Peek } from "../../peek/use-peek.ts";
import type { Column } from "../../table/column.ts";
import { DataTable } from "../../table/data-table.tsx";
import { PageLink } from "../../url/page-link.tsx";

interface AlertTableProps {
  readonly alerts: readonly AlertItem[];
  readonly caption: ReactNode;
  readonly peek: Peek;
  readonly onEnd: () => void;
  readonly empty: ReactNode;
}

/** Newest first, as the server gives them; a row opens its details beside the table. */
export function AlertTable({ alerts, caption, peek, onEnd, empty }: AlertTableProps) {
  return (
    <DataTable
      label="Alerts"
      rows={alerts}
      columns={columns}
      rowKey={({ id }) => String(id)}
      selectedKey={peek.key}
      onSelect={(_alert, key) => peek.open(key)}
      onOrder={peek.setOrder}
      onEnd={onEnd}
      caption={caption}
      empty={empty}
      heightPx={640}
    />
  );
}

const columns: readonly Column<AlertItem>[] = [
  {
    id: "status",
    header: "Status",
    widthPx: 146,
    value: ({ status }) => status,
    cell: ({ status }) => <StatusChip {...alertLook(status)} />,
  },
  {
    id: "severity",
    header: "Severity",
    widthPx: 100,
    value: ({ severity }) => severityWeight(severity),
    cell: ({ severity }) => <StatusChip {...severityLook(severity)} />,
  },
  {
    id: "feature",
    header: "Feature",
    widthPx: 120,
    value: ({ feature }) => feature,
    cell: ({ id, feature }) => (
      <PageLink to="/alerts/$alertId" params={{ alertId: String(id) }} size="sm" title={feature}>
        {feature}
      </PageLink>
    ),
  },
  {
    id: "figures",
    header: "Last value, threshold",
    widthPx: 186,
    value: alertFigures,
  },
  {
    id: "since",
    header: "Since",
    widthPx: 272,
    value: ({ since }) => since,
    cell: ({ since }) => (
      <>
        <TimeText at={since} form="relative" /> · <TimeText at={since} />
      </>
    ),
  },
  {
    id: "windows",
    header: "Windows",
    numeric: true,
    widthPx: 84,
    value: ({ windows }) => windows,
  },
  {
    id: "kind",
    header: "Kind",
    widthPx: 66,
    value: ({ profile }) => kindWord(profile.kind),
  },
  {
    id: "profile",
    header: "Profile",
    value: ({ profile }) => `${profile.space}/${profile.name}/${profile.version}`,
    cell: ({ profile: { uid, space, name, version } }) => (
      <PageLink
        to="/drift/$profileUid"
        params={{ profileUid: uid }}
        size="sm"
        title={`${space}/${name}/${version}`}
      >
        {`${space}/${name}/${version}`}
      </PageLink>
    ),
  },
];
