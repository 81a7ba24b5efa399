import type { TaskGraphNode, TaskOutcome } from "@scouter/contracts";
import { formatCompact, formatPercent } from "../../../format/number.ts";
import { Icon } from "../../../icon/icon.tsx";
import { outcomeLook } from "../outcome-look.ts";
import { outcomes } from "../record-filter.ts";

interface TaskNodeProps {
  readonly node: TaskGraphNode;
  readonly isSelected: boolean;
  readonly onSelect: (task: string) => void;
}

/** What stands in a node: a button, so that keyboards reach it and screen readers read it. */
export function TaskNode({ node, isSelected, onSelect }: TaskNodeProps) {
  const { task_id, gate, pass_rate, description, depends_on } = node;
  return (
    <button
      type="button"
      className="task-node"
      data-gate={gate}
      aria-pressed={isSelected}
      title={[task_id, description].filter(Boolean).join(": ")}
      onClick={() => onSelect(task_id)}
    >
      <span className="visually-hidden">{gate ? "gate" : "task"} </span>
      <span className="task-node-name">{task_id} </span>
      <span className="task-node-rate numeric">
        {pass_rate === null ? "not run" : `${formatPercent(pass_rate)} ${gate ? "open" : "passed"}`}
      </span>
      <span className="task-node-counts numeric">
        {outcomes.map((outcome) => (
          <OutcomeCount key={outcome} outcome={outcome} gate={gate} count={node.counts[outcome]} />
        ))}
      </span>
      {depends_on.length > 0 && (
        <span className="visually-hidden"> after {depends_on.join(" and ")}</span>
      )}
    </button>
  );
}

interface OutcomeCountProps {
  readonly outcome: TaskOutcome;
  readonly gate: boolean;
  readonly count: number;
}

function OutcomeCount({ outcome, gate, count }: OutcomeCountProps) {
  const { icon, tone, word } = outcomeLook(outcome, gate);
  return (
    <span title={word} data-tone={count === 0 ? "neutral" : tone}>
      <Icon name={icon} sizePx={11} />
      {formatCompact(count)}
      <span className="visually-hidden"> {word}, </span>
    </span>
  );
}
