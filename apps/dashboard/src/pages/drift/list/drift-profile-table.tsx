import type { DriftProfile } from "@scouter/contracts";
import { cellLook, weightOf } from "../cell-look.ts";
import { kindWord } from "../drift-kinds.ts";
import type { DriftProfiles } from "../drift-queries.ts";
import { StatusChip } from "../../../figure/status-chip.tsx";
import { formatCount, NO_VALUE } from "../../../format/number.ts";
import { TimeText } from "../../../format/time-text.tsx";
import { parseSorting, sortingText, type Column } from "../../../table/column.ts";
import { DataTable } from "../../../table/data-table.tsx";
import { PageLink } from "../../../url/page-link.tsx";
import { useUrlParameter } from "../../../url/search.ts";

export function DriftProfileTable({ items, hasMore }: DriftProfiles) {
  const [sort, setSort] = useUrlParameter("sort", { replace: true });
  const count = `${formatCount(items.length)} ${items.length === 1 ? "profile" : "profiles"}`;
  return (
    <DataTable
      label="Drift profiles"
      rows={items}
      columns={columns}
      rowKey={({ uid }) => uid}
      sorting={parseSorting(sort)}
      onSort={(sorting) => setSort(sortingText(sorting))}
      caption={hasMore ? `the newest ${count}; choose a space to see others` : count}
    />
  );
}

const columns: readonly Column<DriftProfile>[] = [
  {
    id: "name",
    header: "Profile",
    value: ({ space, name, version }) => `${space}/${name}/${version}`,
    cell: ({ uid, space, name, version }) => (
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
  { id: "kind", header: "Kind", value: ({ kind }) => kindWord(kind), widthPx: 82 },
  {
    id: "status",
    header: "Newest window",
    widthPx: 156,
    value: ({ worst_status }) => weightOf(worst_status),
    cell: (profile) => <Standing profile={profile} />,
  },
  {
    id: "features",
    header: "Drifted",
    numeric: true,
    widthPx: 92,
    value: ({ feature_counts }) => feature_counts.alert,
    cell: ({ feature_counts, features }) =>
      `${formatCount(feature_counts.alert)} of ${formatCount(features)}`,
  },
  {
    id: "alerts",
    header: "Open alerts",
    numeric: true,
    widthPx: 110,
    value: ({ open_alerts }) => open_alerts,
    cell: ({ uid, open_alerts: open }) =>
      open === 0 ? (
        "0"
      ) : (
        <PageLink to="/alerts" search={{ profile: uid } as never} size="sm">
          {formatCount(open)}
        </PageLink>
      ),
  },
  {
    id: "windows",
    header: "Windows",
    numeric: true,
    widthPx: 96,
    value: ({ windows }) => windows.done,
    cell: ({ windows }) => (
      <span
        title={`${formatCount(windows.done)} computed, ${formatCount(windows.alerting)} with an alert, ${formatCount(windows.failed)} failed`}
      >
        {formatCount(windows.done + windows.failed)}
      </span>
    ),
  },
  {
    id: "measured",
    header: "Last with data",
    widthPx: 130,
    value: ({ last_measured }) => last_measured?.window_end,
    cell: ({ last_measured: last }) =>
      last === null ? NO_VALUE : <TimeText at={last.window_end} form="relative" />,
  },
  {
    id: "schedule",
    header: "Schedule",
    widthPx: 184,
    value: ({ schedule, time_zone: zone }) => `${schedule ?? "daily"} ${zone}`,
    cell: ({ schedule, time_zone: zone }) => (
      <span title={`in ${zone}`}>
        <span className="mono">{schedule ?? "daily"}</span> {zone}
      </span>
    ),
  },
  {
    id: "next",
    header: "Next window",
    widthPx: 120,
    value: ({ next_window_end }) => next_window_end,
    cell: (profile) => <NextWindow profile={profile} />,
  },
];

function Standing({ profile }: { readonly profile: DriftProfile }) {
  const { worst_status: worst, last_window: last } = profile;
  const { status, word } = cellLook(worst);
  return last === null ? (
    <StatusChip status="pending" word="No window yet" />
  ) : (
    <StatusChip status={status} word={word} />
  );
}

function NextWindow({ profile }: { readonly profile: DriftProfile }) {
  const { schedule_error: error, next_window_end: end, status } = profile;
  if (error !== null) {
    return (
      <span title={error}>
        <StatusChip status="failed" word="Unreadable" />
      </span>
    );
  }
  if (status === "inactive") return <StatusChip status="inactive" />;
  return end === null ? NO_VALUE : <TimeText at={end} form="relative" />;
}
