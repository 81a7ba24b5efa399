import { Text } from "@mantine/core";
import type { AgentDistribution } from "@scouter/contracts";
import { formatCount, formatPercent } from "../../../format/number.ts";
import "./bins.css";

/** How many of each task's runs passed in the window. */
export function TaskTallies({ tasks }: Pick<AgentDistribution, "tasks">) {
  if (tasks.length === 0) return <Text size="sm">No task ran in this window.</Text>;
  return (
    <table className="bins" aria-label="Tasks in this window">
      <thead>
        <tr>
          <th scope="col">Task</th>
          <th scope="col" className="bars">
            <span className="visually-hidden">Bars</span>
          </th>
          <th scope="col">Passed of total</th>
          <th scope="col">Pass rate</th>
        </tr>
      </thead>
      <tbody>
        {tasks.map(({ task_id: id, passed, total }) => {
          const rate = total === 0 ? null : passed / total;
          return (
            <tr key={id}>
              <th scope="row" className="mono">
                {id}
              </th>
              <td className="bars" aria-hidden="true">
                <span
                  className="bin-bar"
                  data-of="window"
                  style={{ width: `${String((rate ?? 0) * 100)}%` }}
                />
              </td>
              <td>
                {formatCount(passed)} of {formatCount(total)}
              </td>
              <td>{formatPercent(rate)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
