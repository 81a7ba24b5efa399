import type { EvalRunItem } from "@scouter/contracts";
import type { ReactNode } from "react";
import { RateCell } from "../evaluations/list/rate-cell.tsx";
import { formatCount } from "../../format/number.ts";
import { TimeText } from "../../format/time-text.tsx";
import type { Column } from "../../table/column.ts";
import { DataTable } from "../../table/data-table.tsx";
import { PageLink } from "../../url/page-link.tsx";

interface RunTableProps {
  readonly runs: readonly EvalRunItem[];
  readonly caption: ReactNode;
  readonly onEnd: () => void;
  readonly empty: ReactNode;
}

/** Newest first, as the server gives them. */
export function RunTable({ runs, caption, onEnd, empty }: RunTableProps) {
  return (
    <DataTable
      label="Offline runs"
      rows={runs}
      columns={columns}
      rowKey={({ id }) => String(id)}
      onEnd={onEnd}
      caption={caption}
      empty={empty}
      heightPx={640}
    />
  );
}

const columns: readonly Column<EvalRunItem>[] = [
  {
    id: "run",
    header: "Run",
    widthPx: 210,
    value: ({ run_id }) => run_id,
    cell: ({ id, run_id }) => (
      <PageLink to="/runs/$runId" params={{ runId: String(id) }} size="sm" title={run_id}>
        {run_id}
      </PageLink>
    ),
  },
  {
    id: "suite",
    header: "Suite",
    widthPx: 150,
    value: ({ suite }) => suite,
    cell: ({ suite }) => (
      <PageLink to="/runs" search={{ suite } as never} size="sm" title={`Runs of ${suite}`}>
        {suite}
      </PageLink>
    ),
  },
  {
    id: "baselines",
    header: "Baseline",
    widthPx: 110,
    value: ({ baselines }) => baselines.join(", "),
  },
  { id: "space", header: "Space", widthPx: 100, value: ({ space }) => space },
  {
    id: "made",
    header: "Made",
    widthPx: 180,
    value: ({ created_at }) => created_at,
    cell: ({ created_at }) => <TimeText at={created_at} />,
  },
  {
    id: "pass-rate",
    header: "Pass rate",
    widthPx: 228,
    value: ({ pass_rate }) => pass_rate,
    cell: (run) => <RateCell rate={run} />,
  },
  {
    id: "scenarios",
    header: "Scenarios",
    numeric: true,
    widthPx: 92,
    value: ({ scenarios }) => scenarios,
    cell: ({ scenarios }) => formatCount(scenarios),
  },
  { id: "repeats", header: "Repeats", numeric: true, widthPx: 82, value: ({ repeats }) => repeats },
  { id: "flaky", header: "Flaky", numeric: true, value: ({ flaky }) => flaky },
];
