import type { EvaluationRecord } from "@scouter/contracts";
import { StatusChip } from "../../../figure/status-chip.tsx";
import { formatCount, formatPercent, NO_VALUE } from "../../../format/number.ts";
import { TimeText } from "../../../format/time-text.tsx";
import type { Column } from "../../../table/column.ts";
import { PageLink } from "../../../url/page-link.tsx";
import { countedTasks, recordStatusLooks } from "../outcome-look.ts";
import { TaskChips } from "./task-chips.tsx";

export const recordColumns: readonly Column<EvaluationRecord>[] = [
  {
    id: "created",
    header: "Time",
    widthPx: 176,
    value: ({ created_at }) => created_at,
    cell: ({ created_at }) => <TimeText at={created_at} />,
  },
  { id: "record", header: "Record", widthPx: 110, value: ({ record_id }) => record_id },
  {
    id: "status",
    header: "Status",
    widthPx: 125,
    value: ({ status }) => status,
    cell: ({ status }) => <StatusChip {...recordStatusLooks[status]} />,
  },
  {
    id: "pass-rate",
    header: "Passed",
    numeric: true,
    widthPx: 130,
    value: ({ pass_rate }) => pass_rate,
    cell: ({ pass_rate, task_counts }) =>
      pass_rate === null
        ? NO_VALUE
        : `${formatCount(task_counts.passed)} of ${formatCount(countedTasks(task_counts))}, ${formatPercent(pass_rate)}`,
  },
  {
    id: "tasks",
    header: "Tasks, in plan order",
    widthPx: 360,
    value: ({ tasks }) => tasks.length,
    cell: ({ tasks }) => <TaskChips tasks={tasks} />,
  },
  {
    id: "session",
    header: "Session",
    widthPx: 200,
    startsHidden: true,
    value: ({ session_id }) => session_id,
  },
  {
    id: "trace",
    header: "Trace",
    widthPx: 96,
    value: ({ trace_id }) => trace_id,
    cell: ({ trace_id }) =>
      trace_id === null ? (
        NO_VALUE
      ) : (
        <PageLink
          to="/traces/$traceId"
          params={{ traceId: trace_id }}
          size="sm"
          className="mono"
          title={trace_id}
        >
          <span className="visually-hidden">Trace </span>
          {trace_id.slice(0, 8)}
        </PageLink>
      ),
  },
];
