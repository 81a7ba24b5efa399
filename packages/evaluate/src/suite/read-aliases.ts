import { agentEvalProfile } from "@scouter/contracts";
import { bucketsOf } from "../task/task-buckets.ts";
import { checkFoundTasks } from "./check-found-tasks.ts";
import { parseYaml, type PathPart } from "./located-value.ts";
import { isObject, type ReadIncluded, readFileTasks, type TaskReading } from "./read-file-tasks.ts";
import { meant, typeName } from "./schema-problems.ts";
import type { SuiteAlias } from "./suite.ts";

const FIELDS = ["tasks", "profile"];

/** What is checked on each alias: a list of tasks, `{ tasks: [...] }`, or `{ profile: <file> }`. */
export function readAliases(
  given: Readonly<Record<string, unknown>>,
  reading: TaskReading,
  readIncluded: ReadIncluded,
): ReadonlyMap<string, SuiteAlias> {
  const aliases = new Map<string, SuiteAlias>();
  for (const [alias, value] of Object.entries(given)) {
    const read = readAlias(value, ["aliases", alias], reading, readIncluded);
    if (read !== undefined) aliases.set(alias, read);
  }
  return aliases;
}

function readAlias(
  given: unknown,
  path: readonly PathPart[],
  reading: TaskReading,
  readIncluded: ReadIncluded,
): SuiteAlias | undefined {
  if (!Array.isArray(given) && !isObject(given)) {
    reading.report(path, `expected a list of tasks, tasks or profile, got ${typeName(given)}`);
    return undefined;
  }
  const file = isObject(given) ? given["profile"] : undefined;
  if (typeof file === "string")
    return readProfile(file, [...path, "profile"], reading, readIncluded);
  for (const key of isObject(given) ? Object.keys(given) : []) {
    if (FIELDS.includes(key)) continue;
    reading.report([...path, key], `unknown field '${key}': ${meant(key, FIELDS)}`);
  }
  const tasks = isObject(given) ? given["tasks"] : given;
  const found = readFileTasks(tasks, isObject(given) ? [...path, "tasks"] : path, reading);
  if (found.tasks.length === 0 && found.refused.size === 0) {
    reading.report(path, "the alias has no tasks: expected at least one");
  }
  checkFoundTasks(found, reading.report);
  return { tasks: bucketsOf(found.tasks.map(({ task }) => task)), entityUid: undefined };
}

function readProfile(
  file: string,
  path: readonly PathPart[],
  { report }: TaskReading,
  readIncluded: ReadIncluded,
): SuiteAlias | undefined {
  try {
    const parsed = parseYaml(readIncluded(file));
    if ("syntax" in parsed) {
      const [first] = parsed.syntax;
      report(path, `cannot read '${file}': line ${first?.line ?? 1}: ${first?.message ?? ""}`);
      return undefined;
    }
    const profile = agentEvalProfile.safeParse(parsed.value);
    if (profile.success) {
      const { tasks, config } = profile.data;
      return { tasks, entityUid: config.uid };
    }
    const [issue] = profile.error.issues;
    report(
      path,
      `'${file}' is no agent profile: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`,
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report(path, `cannot read '${file}': ${reason}`);
  }
  return undefined;
}
