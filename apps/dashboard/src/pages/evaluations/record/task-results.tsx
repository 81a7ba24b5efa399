import type { TaskResultDetail } from "@scouter/contracts";
import { Text } from "@mantine/core";
import { useState } from "react";
import { StatusChip } from "../../../figure/status-chip.tsx";
import { Icon } from "../../../icon/icon.tsx";
import { capitalised, outcomeLook } from "../outcome-look.ts";
import { JsonTree } from "./json-tree.tsx";
import { millisecondsText } from "./milliseconds-text.ts";

/** Every task of one record; what went wrong stands open. */
export function TaskResults({ tasks }: { readonly tasks: readonly TaskResultDetail[] }) {
  if (tasks.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        None yet: they come when the record is evaluated.
      </Text>
    );
  }
  return (
    <ol className="task-results">
      {tasks.map((task) => (
        <TaskResult key={task.task_id} task={task} />
      ))}
    </ol>
  );
}

function TaskResult({ task }: { readonly task: TaskResultDetail }) {
  const { task_id, gate, outcome, stage } = task;
  const [isOpen, setIsOpen] = useState(outcome === "errored" || (outcome === "failed" && !gate));
  const { status, word } = outcomeLook(outcome, gate);
  return (
    <li data-open={isOpen}>
      <button
        type="button"
        className="task-result-head"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon name={isOpen ? "down" : "right"} sizePx={11} />
        <span className="task-result-outcome">
          <StatusChip status={status} word={capitalised(word)} />
        </span>
        <span className="task-result-name">{task_id}</span>
        {gate && <span className="task-result-gate">gate</span>}
        <span className="task-result-reason">{reasonOf(task)}</span>
        <span className="task-result-stage numeric">stage {stage + 1}</span>
      </button>
      {isOpen && <TaskFindings task={task} />}
    </li>
  );
}

function TaskFindings({ task }: { readonly task: TaskResultDetail }) {
  const { description, operator, expected, actual, assertion, outcome, skipped_by } = task;
  const about = [
    description,
    task.kind,
    task.depends_on.length > 0 && `after ${task.depends_on.join(", ")}`,
    outcome !== "skipped" && millisecondsText(task.duration_ms),
    task.error_code,
  ].filter((part) => typeof part === "string" && part !== "");
  return (
    <div className="task-result-body">
      <Text size="xs" c="dimmed">
        {about.join(" · ")}
      </Text>
      <Text size="sm" className="task-result-message">
        {reasonOf(task)}
      </Text>
      {skipped_by === null && (
        <dl className="task-findings">
          <div>
            <dt>
              Expected <span className="mono">{operator}</span>
            </dt>
            <dd className="json-box">
              <JsonTree value={expected} openLevels={1} />
            </dd>
          </div>
          <div>
            <dt>
              Actual{" "}
              {lookedAt(assertion) !== undefined && (
                <span className="mono">{lookedAt(assertion)}</span>
              )}
            </dt>
            <dd className="json-box">
              <JsonTree value={actual} openLevels={1} />
            </dd>
          </div>
        </dl>
      )}
    </div>
  );
}

/** The path of the context, where the task names one. */
function lookedAt(assertion: TaskResultDetail["assertion"]): string | undefined {
  const path = assertion["FieldPath"];
  return typeof path === "string" ? path : undefined;
}

/** The name stands beside it already. */
function reasonOf({ task_id, message, outcome, skipped_by }: TaskResultDetail): string {
  if (outcome === "skipped" && skipped_by !== null) return `skipped by ${skipped_by}`;
  return message.replace(`${task_id} ${outcome}: `, "");
}
