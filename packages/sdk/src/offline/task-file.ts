import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { EvaluationTask } from "@scouter/contracts";
import { readTaskText, type SuiteFormat, suiteFormatOf, writeTaskText } from "@scouter/evaluate";
import { errors } from "../errors.ts";

/**
 * Reads tasks from `.json`, `.yaml`, `.yml` or `.jsonl`: a list, `{ tasks: [...] }`, or the buckets of a saved profile. Prompts
 * that judges name by `{ "path": ... }` are looked for from the file's folder.
 *
 * @param file from the working folder, or absolute
 * @throws SDK_TASK_FILE, EVALUATE_TASK_FILE_INVALID with every mistake located
 *
 * ```ts
 * const profile = agentProfile({ space: "support", name: "answers", tasks: await loadTasks("tasks.yaml") });
 * ```
 */
export async function loadTasks(file: string): Promise<readonly EvaluationTask[]> {
  const format = formatOf(file);
  const text = await readFile(file, "utf8").catch(refuse(file));
  const folder = dirname(resolve(file));
  const readIncluded = (path: string) => readFileSync(resolve(folder, path), "utf8");
  return readTaskText({ file, text, format, readIncluded });
}

/**
 * Writes tasks, however they were made, to a file that `loadTasks` reads back to the same.
 *
 * @throws SDK_TASK_FILE, EVALUATE_TASK_UNSUPPORTED for a task type of an app's own
 */
export async function saveTasks(file: string, tasks: readonly EvaluationTask[]): Promise<void> {
  const text = writeTaskText(tasks, formatOf(file));
  await writeFile(file, text).catch(refuse(file));
}

function formatOf(file: string): SuiteFormat {
  const format = suiteFormatOf(file);
  if (format !== undefined) return format;
  throw errors.SDK_TASK_FILE({ file, reason: "expected .json, .yaml, .yml or .jsonl" });
}

function refuse(file: string): (cause: unknown) => never {
  return (cause) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.SDK_TASK_FILE({ file, reason }, { cause });
  };
}
