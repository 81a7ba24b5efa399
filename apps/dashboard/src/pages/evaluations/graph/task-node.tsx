import type { TaskGraphNode } from "@scouter/contracts";
import { formatCompact, formatPercent } from "../../../format/number.ts";
import { Icon } from "../../../icon/icon.tsx";
import { countsInWords, outcomeLook } from "../outcome-look.ts";
import { outcomes } from "../record-filter.ts";

interface TaskNodeProps {
  readonly node: TaskGraphNode;
  readonly isSelected: boolean;
  readonly onSelect: (task: string) => void;
}

/** What stands in a node: a button, so that keyboards reach it and screen readers read it. */
export function TaskNode({ node, isSelected, onSelect }: TaskNodeProps) {
  const { task_id, gate, pass_rate, description } = node;
  return (
    <button
      type="button"
      className="task-node"
      data-gate={gate}
      aria-pressed={isSelected}
      aria-label={nodeInWords(node)}
      title={[task_id, description].filter(Boolean).join(": ")}
      onClick={() => onSelect(task_id)}
    >
      <span className="task-node-name">{task_id}</span>
      <span className="task-node-rate numeric">
        {pass_rate === null ? "not run" : `${formatPercent(pass_rate)} ${gate ? "open" : "passed"}`}
      </span>
      <span className="task-node-counts numeric">
        {outcomes.map((outcome) => {
          const { icon, tone, word } = outcomeLook(outcome, gate);
          const count = node.counts[outcome];
          return (
            <span
              key={outcome}
              title={word}
              data-tone={count === 0 ? "neutral" : tone}
              data-zero={count === 0}
            >
              <Icon name={icon} sizePx={11} />
              {formatCompact(count)}
            </span>
          );
        })}
      </span>
    </button>
  );
}

function nodeInWords(node: TaskGraphNode): string {
  const { task_id, gate, pass_rate, counts, depends_on } = node;
  const rate =
    pass_rate === null ? "" : `, ${formatPercent(pass_rate)} ${gate ? "open" : "passed"}`;
  const after = depends_on.length === 0 ? "" : `, after ${depends_on.join(" and ")}`;
  return `${gate ? "gate" : "task"} ${task_id}${rate}, ${countsInWords(counts, gate)}${after}`;
}
