import type { TaskChip } from "@scouter/contracts";
import { Icon } from "../../../icon/icon.tsx";
import { outcomeLook } from "../outcome-look.ts";
import { chipsInWords } from "./chips-in-words.ts";
import "./task-chips.css";

/** More would not fit into a row; the panel shows all. */
const MOST_CHIPS = 30;

/** One mark for each task: its shape tells the outcome, so that colours are not needed; gates stand on a corner. */
export function TaskChips({ tasks }: { readonly tasks: readonly TaskChip[] }) {
  if (tasks.length === 0) return <span className="task-chips-more">not evaluated yet</span>;
  return (
    <span className="task-chips" role="img" aria-label={chipsInWords(tasks)}>
      {tasks.slice(0, MOST_CHIPS).map(({ task_id, outcome, gate }) => {
        const { icon, tone, word } = outcomeLook(outcome, gate);
        return (
          <span
            key={task_id}
            className="task-chip"
            data-tone={tone}
            data-gate={gate}
            title={`${gate ? "gate " : ""}${task_id}: ${word}`}
          >
            <Icon name={icon} sizePx={10} />
          </span>
        );
      })}
      {tasks.length > MOST_CHIPS && (
        <span className="task-chips-more">+{tasks.length - MOST_CHIPS}</span>
      )}
    </span>
  );
}
