import type { EvaluationProfile, EvaluationProfilePage } from "@scouter/contracts";
import { StatusChip } from "../../../figure/status-chip.tsx";
import { formatCount } from "../../../format/number.ts";
import { TimeText } from "../../../format/time-text.tsx";
import { parseSorting, sortingText, type Column } from "../../../table/column.ts";
import { DataTable } from "../../../table/data-table.tsx";
import { PageLink } from "../../../url/page-link.tsx";
import { useUrlParameter } from "../../../url/search.ts";
import { RateCell } from "./rate-cell.tsx";

export function EvaluationsTable({ page }: { readonly page: EvaluationProfilePage }) {
  const [sort, setSort] = useUrlParameter("sort", { replace: true });
  const { items, next_cursor } = page;
  return (
    <DataTable
      label="Evaluation profiles"
      rows={items}
      columns={columns}
      rowKey={({ uid }) => uid}
      sorting={parseSorting(sort)}
      onSort={(sorting) => setSort(sortingText(sorting))}
      heightPx={640}
      caption={`${next_cursor === null ? "" : "the newest "}${formatCount(items.length)} ${items.length === 1 ? "profile" : "profiles"}; pass rates with their 95 % interval, without gates and skipped tasks`}
    />
  );
}

type Count = (profile: EvaluationProfile) => number;

function countColumn(
  id: string,
  header: string,
  count: Count,
  widthPx: number,
): Column<EvaluationProfile> {
  return {
    id,
    header,
    numeric: true,
    widthPx,
    value: count,
    cell: (profile) => formatCount(count(profile)),
  };
}

const columns: readonly Column<EvaluationProfile>[] = [
  {
    id: "name",
    header: "Profile",
    widthPx: 230,
    value: ({ space, name }) => `${space}/${name}`,
    cell: ({ uid, space, name }) => (
      <PageLink to="/evaluations/$profileUid" params={{ profileUid: uid }} size="sm">
        {`${space}/${name}`}
      </PageLink>
    ),
  },
  { id: "version", header: "Version", value: ({ version }) => version, widthPx: 84 },
  {
    id: "status",
    header: "Status",
    widthPx: 92,
    value: ({ status }) => status,
    cell: ({ status }) =>
      status === "active" ? (
        <StatusChip status="ok" word="Active" />
      ) : (
        <StatusChip status="inactive" />
      ),
  },
  {
    id: "pass-rate",
    header: "Pass rate",
    widthPx: 228,
    value: ({ pass_rate }) => pass_rate,
    cell: (profile) => <RateCell rate={profile} />,
  },
  countColumn("records", "Records", ({ records_evaluated }) => records_evaluated, 88),
  countColumn("passed", "Passed", ({ tasks }) => tasks.passed, 84),
  countColumn("failed", "Failed", ({ tasks }) => tasks.failed, 80),
  countColumn("errored", "Errored", ({ tasks }) => tasks.errored, 84),
  countColumn("skipped", "Skipped", ({ tasks }) => tasks.skipped, 88),
  {
    id: "last-record",
    header: "Last record",
    widthPx: 120,
    value: ({ last_record_at }) => last_record_at,
    cell: ({ last_record_at }) =>
      last_record_at === null ? "none yet" : <TimeText at={last_record_at} form="relative" />,
  },
];
