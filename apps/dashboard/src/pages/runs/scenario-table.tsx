import type { EvalReport } from "@scouter/contracts";
import { repeatsOf, scenarioLook } from "./run-look.ts";
import { StatusChip } from "../../figure/status-chip.tsx";
import { formatCount } from "../../format/number.ts";
import { Empty } from "../../page/states.tsx";
import type { Peek } from "../../peek/use-peek.ts";
import type { Column } from "../../table/column.ts";
import { DataTable } from "../../table/data-table.tsx";

type Scenario = EvalReport["scenarios"][number];

interface ScenarioTableProps {
  readonly scenarios: readonly Scenario[];
  readonly isCompared: boolean;
  readonly peek: Peek;
}

/** Worst first, as the report has them; a row opens its answers beside the table. */
export function ScenarioTable({ scenarios, isCompared, peek }: ScenarioTableProps) {
  return (
    <DataTable
      label="Scenarios"
      rows={scenarios}
      columns={isCompared ? [...comparedColumns, ...columns] : columns}
      rowKey={({ id }) => id}
      selectedKey={peek.key}
      onSelect={(_scenario, key) => peek.open(key)}
      onOrder={peek.setOrder}
      caption={`${formatCount(scenarios.length)} scenarios, worst first; ● passed, ✕ failed, ? missing, a mark for every repeat`}
      empty={<Empty title="The run has no scenarios" />}
      heightPx={480}
    />
  );
}

function repeatsColumn(
  id: string,
  header: string,
  side: (scenario: Scenario) => Scenario["candidate"],
): Column<Scenario> {
  return {
    id,
    header,
    widthPx: 160,
    value: (scenario) => repeatsOf(side(scenario)).shown,
    cell: (scenario) => {
      const { shown, said } = repeatsOf(side(scenario));
      return (
        <span role="img" aria-label={said}>
          {shown}
        </span>
      );
    },
  };
}

const comparedColumns = [repeatsColumn("before", "Baseline", ({ baseline }) => baseline)];

const columns: readonly Column<Scenario>[] = [
  repeatsColumn("now", "This run", ({ candidate }) => candidate),
  {
    id: "status",
    header: "Status",
    widthPx: 130,
    value: ({ status }) => status,
    cell: ({ status }) => <StatusChip {...scenarioLook(status)} />,
  },
  { id: "scenario", header: "Scenario", widthPx: 240, value: ({ id }) => id },
  { id: "query", header: "First message", value: ({ query }) => query ?? "" },
];
