import type { EvalRunItem } from "@scouter/contracts";
import { Badge, Group } from "@mantine/core";
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
    widthPx: 250,
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
  { id: "space", header: "Space", widthPx: 110, value: ({ space }) => space },
  {
    id: "made",
    header: "Made",
    widthPx: 270,
    value: ({ created_at }) => created_at,
    cell: ({ created_at }) => (
      <>
        <TimeText at={created_at} form="relative" /> · <TimeText at={created_at} />
      </>
    ),
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
  { id: "flaky", header: "Flaky", numeric: true, widthPx: 68, value: ({ flaky }) => flaky },
  {
    id: "baselines",
    header: "Baseline of",
    value: ({ baselines }) => baselines.join(" "),
    cell: ({ baselines }) => (
      <Group gap={4} wrap="nowrap">
        {baselines.map((name) => (
          <Badge key={name} variant="outline" size="sm" tt="none">
            {name}
          </Badge>
        ))}
      </Group>
    ),
  },
];
