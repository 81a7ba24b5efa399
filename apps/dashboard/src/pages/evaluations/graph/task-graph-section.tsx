import type { TaskGraph } from "@scouter/contracts";
import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { formatCount } from "../../../format/number.ts";
import { Section } from "../../../page/section.tsx";
import { TaskGraphDrawing } from "./task-graph-drawing.tsx";
import { TaskTable } from "./task-table.tsx";

interface TaskGraphSectionProps {
  readonly graph: TaskGraph;
  /** Task that the records are filtered by. */
  readonly selected: string | undefined;
  readonly onSelect: (task: string | undefined) => void;
}

/** Which task waits for which, and what each did: as a drawing or as a table. */
export function TaskGraphSection({ graph, selected, onSelect }: TaskGraphSectionProps) {
  const [asTable, setAsTable] = useState(false);
  const { nodes, records_evaluated } = graph;
  const gates = nodes.filter(({ gate }) => gate).length;
  const toggle = (task: string) => onSelect(task === selected ? undefined : task);
  return (
    <Section
      title="Task graph"
      actions={
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          c="dimmed"
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        >
          Table
        </Button>
      }
    >
      <Text size="sm" c="dimmed">
        {formatCount(nodes.length)} tasks, {formatCount(gates)} of them gates (diamonds), on{" "}
        {formatCount(records_evaluated)} records. Choose a task to see its pass rate and records.
      </Text>
      {nodes.length === 0 && <Text size="sm">This profile has no tasks that can be read.</Text>}
      {asTable ? (
        <TaskTable graph={graph} selected={selected} onSelect={toggle} />
      ) : (
        <TaskGraphDrawing graph={graph} selected={selected} onSelect={toggle} />
      )}
    </Section>
  );
}
