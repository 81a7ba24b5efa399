import { type ColumnChoice, isTableFile, type TableInput } from "./source/open-table.ts";
import type { LeftOutColumn } from "./source/table-source.ts";
import { runInThread } from "./thread/run-in-thread.ts";
import { runTableJob, type TableJobName, type TableJobs } from "./thread/table-job.ts";

export interface TableRunOptions extends ColumnChoice {
  /** Ends the work on a file; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Something that was not done as asked, and that whoever asked may want to know. */
export interface TableNote {
  readonly column: string;
  readonly message: string;
}

export type OnNote = (note: TableNote) => void;

/** Files are worked on in a thread; tables in memory where they are, so that nothing has to be copied. */
export async function runJob<Name extends TableJobName>(
  table: TableInput,
  name: Name,
  given: {
    readonly input: TableJobs[Name]["input"];
    readonly options: TableRunOptions;
    readonly onNote: OnNote;
  },
): Promise<TableJobs[Name]["output"]> {
  const { input, options, onNote } = given;
  const choice = { columns: options.columns, without: options.without };
  const job = { name, input, choice };
  const isFile = !Array.isArray(table) && isTableFile(table);
  const { output, leftOut } = isFile
    ? await runInThread(table, job, options.signal)
    : await runTableJob(table, job);
  noteLeftOut(leftOut, onNote);
  return output;
}

function noteLeftOut(leftOut: readonly LeftOutColumn[], onNote: OnNote): void {
  for (const { name, reason } of leftOut) {
    onNote({ column: name, message: `the column is not read: ${reason}` });
  }
}
