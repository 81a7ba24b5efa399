import { useMemo } from "react";
import type { EvaluatedProfile, ProfileFeature } from "@scouter/contracts";
import { PageLink } from "../../url/page-link.tsx";
import { StatusChip } from "../../figure/status-chip.tsx";
import { formatCount, formatPercent } from "../../format/number.ts";
import { TimeText } from "../../format/time-text.tsx";
import { Empty } from "../../page/states.tsx";
import { parseSorting, sortingText, type Column } from "../../table/column.ts";
import { DataTable } from "../../table/data-table.tsx";
import { useUrlParameter } from "../../url/search.ts";

interface ProfileTableProps {
  readonly profiles: readonly EvaluatedProfile[];
  readonly drifted: readonly ProfileFeature[];
}

export function ProfileTable({ profiles, drifted }: ProfileTableProps) {
  const [sort, setSort] = useUrlParameter("sort", { replace: true });
  const columns = useMemo(() => profileColumns(drifted), [drifted]);
  return (
    <DataTable
      label="Profiles"
      rows={profiles}
      columns={columns}
      rowKey={({ uid }) => uid}
      sorting={parseSorting(sort)}
      onSort={(sorting) => setSort(sortingText(sorting))}
      heightPx={400}
      caption={`${formatCount(profiles.length)} ${profiles.length === 1 ? "profile" : "profiles"}`}
      empty={<Empty title="No profile in this space" />}
    />
  );
}

function profileColumns(drifted: readonly ProfileFeature[]): readonly Column<EvaluatedProfile>[] {
  const driftedOf = ({ uid }: EvaluatedProfile) =>
    drifted.filter(({ profile_uid }) => profile_uid === uid).length;
  return [
    {
      id: "name",
      header: "Profile",
      value: ({ space, name, version }) => `${space}/${name}/${version}`,
      cell: (profile) => (
        <PageLink
          to={pathOf(profile)}
          size="sm"
        >{`${profile.space}/${profile.name}/${profile.version}`}</PageLink>
      ),
    },
    { id: "kind", header: "Kind", value: ({ drift_type }) => drift_type, widthPx: 90 },
    {
      id: "status",
      header: "Status",
      widthPx: 150,
      value: (profile) => statusOf(profile, driftedOf(profile)).status,
      cell: (profile) => <StatusChip {...statusOf(profile, driftedOf(profile))} />,
    },
    {
      id: "pass-rate",
      header: "Pass rate",
      numeric: true,
      widthPx: 110,
      value: ({ pass_rate }) => pass_rate,
      cell: ({ pass_rate }) => formatPercent(pass_rate),
    },
    {
      id: "records",
      header: "Records",
      numeric: true,
      widthPx: 110,
      value: ({ records_evaluated }) => records_evaluated,
      cell: ({ records_evaluated }) => formatCount(records_evaluated),
    },
    {
      id: "created",
      header: "Registered",
      widthPx: 190,
      value: ({ created_at }) => created_at,
      cell: ({ created_at }) => <TimeText at={created_at} />,
    },
  ];
}

function pathOf({ drift_type, uid }: EvaluatedProfile): string {
  return `/${drift_type === "Agent" ? "evaluations" : "drift"}/${uid}`;
}

function statusOf({ active, tasks }: EvaluatedProfile, driftedFeatures: number) {
  if (!active) return { status: "inactive" as const };
  if (driftedFeatures > 0)
    return { status: "alert" as const, word: `${formatCount(driftedFeatures)} drifted` };
  if (tasks.failed + tasks.errored > 0) {
    return {
      status: "warning" as const,
      word: `${formatCount(tasks.failed + tasks.errored)} not passed`,
    };
  }
  return { status: "ok" as const };
}
