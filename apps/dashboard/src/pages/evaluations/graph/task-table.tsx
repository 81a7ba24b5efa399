import type { TaskGraph, TaskGraphNode } from "@scouter/contracts";
import { Anchor, Table } from "@mantine/core";
import { formatCount } from "../../../format/number.ts";
import { RateCell } from "../list/rate-cell.tsx";
import { outcomes } from "../record-filter.ts";

interface TaskTableProps {
  readonly graph: TaskGraph;
  readonly selected: string | undefined;
  readonly onSelect: (task: string) => void;
}

/** The task graph in rows: the same figures, and by which task each was skipped. */
export function TaskTable({ graph, selected, onSelect }: TaskTableProps) {
  return (
    <Table.ScrollContainer minWidth={860} maxHeight={640}>
      <Table aria-label="Tasks" verticalSpacing={4} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            {["Stage", "Task", "Kind", "After", "Pass rate"].map((heading) => (
              <Table.Th key={heading}>{heading}</Table.Th>
            ))}
            {["Passed", "Failed", "Errored", "Skipped"].map((heading) => (
              <Table.Th key={heading} ta="right">
                {heading}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {graph.nodes.map((node) => (
            <Table.Tr key={node.task_id} bg={node.task_id === selected ? "var(--selected)" : ""}>
              <Table.Td className="numeric">{node.stage + 1}</Table.Td>
              <Table.Td>
                <Anchor
                  component="button"
                  type="button"
                  size="sm"
                  aria-pressed={node.task_id === selected}
                  onClick={() => onSelect(node.task_id)}
                >
                  {node.task_id}
                </Anchor>
              </Table.Td>
              <Table.Td>{node.gate ? `gate, ${node.kind}` : node.kind}</Table.Td>
              <Table.Td>{dependenciesText(node, graph)}</Table.Td>
              <Table.Td>
                <RateCell rate={node} />
              </Table.Td>
              {outcomes.map((outcome) => (
                <Table.Td key={outcome} ta="right" className="numeric">
                  {formatCount(node.counts[outcome])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function dependenciesText({ task_id, depends_on }: TaskGraphNode, { edges }: TaskGraph): string {
  if (depends_on.length === 0) return "–";
  return depends_on
    .map((from) => {
      const skipped = edges.find((edge) => edge.from === from && edge.to === task_id)?.skipped ?? 0;
      return skipped === 0 ? from : `${from} (${formatCount(skipped)} skipped)`;
    })
    .join(", ");
}
