import type { EvaluationTask, Json } from "@scouter/contracts";
import { checkFoundTasks } from "../suite/check-found-tasks.ts";
import { parseYaml, type PathPart } from "../suite/located-value.ts";
import { parseSuiteText, type SuiteFormat } from "../suite/parse-suite-text.ts";
import { ProblemLog, type Report } from "../suite/problem-log.ts";
import { readFileTasks, type ReadIncluded } from "../suite/read-file-tasks.ts";
import { problemsError } from "../suite/suite-problem.ts";

export interface TaskText {
  /** As messages name it. */
  readonly file: string;
  readonly text: string;
  readonly format: SuiteFormat;
  /** Reads the prompts that judges name by `{ "path": ... }`. Default: none can be read. */
  readonly readIncluded?: ReadIncluded | undefined;
}

/**
 * Reads tasks that stand alone and checks them together, as registering a profile would.
 *
 * JSON and YAML hold a list of tasks, `{ tasks: [...] }`, or the buckets of a saved profile (`{ assertion, judge, trace, agent }`);
 * JSONL one task a line. A list keeps its order; buckets come one after the other.
 *
 * @throws EVALUATE_TASK_FILE_INVALID with every problem, located by file, line and path; `suiteProblemsOf` gives the list
 */
export function readTaskText(input: TaskText): readonly EvaluationTask[] {
  const { file, text, format } = input;
  const log = new ProblemLog();
  const parsed = parseSuiteText(text, format);
  if ("syntax" in parsed) {
    for (const problem of parsed.syntax) log.add({ file, path: "", ...problem });
    throw problemsError("task file", log.problems);
  }
  const report = log.of(file, parsed);
  const found = readFileTasks(parsed.value, [], {
    report,
    readPrompt: (path, at) => readPrompt({ path, at, input, log, report }),
  });
  checkFoundTasks(found, report);
  if (found.tasks.length === 0 && log.problems.length === 0) {
    report([], "there are no tasks: expected at least one");
  }
  if (log.problems.length > 0) throw problemsError("task file", log.problems);
  return found.tasks.map(({ task }) => task);
}

/** JSON is YAML, too. */
function readPrompt(question: {
  readonly path: string;
  readonly at: readonly PathPart[];
  readonly input: TaskText;
  readonly log: ProblemLog;
  readonly report: Report;
}): Json | undefined {
  const { path, at, input, log, report } = question;
  try {
    if (input.readIncluded === undefined) throw new Error("nothing can be included here");
    const parsed = parseYaml(input.readIncluded(path));
    if (!("syntax" in parsed)) return parsed.value as Json;
    for (const problem of parsed.syntax) log.add({ file: path, path: "", ...problem });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report(at, `cannot read '${path}': ${reason}`);
  }
  return undefined;
}
