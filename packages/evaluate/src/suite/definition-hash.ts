import { createHash } from "node:crypto";
import type { EvalScenario, EvaluationTask, Json } from "@scouter/contracts";
import { canonicalText } from "../json/json-equals.ts";
import { storableJson } from "../json/storable-json.ts";
import { declaredTasks } from "../task/declared-tasks.ts";
import type { Suite } from "./suite.ts";

/** `sha256:<hex>` of a value, whatever the order of its keys. */
export function definitionHash(value: unknown): string {
  const text = canonicalText(storableJson(value));
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** Changes with everything that decides what a scenario asks and how it is judged; not with its id or descriptions. */
export function scenarioDefinition(scenario: EvalScenario): string {
  const { id: _, tasks, ...rest } = scenario;
  return definitionHash({ ...rest, tasks: declaredTasks(tasks).map(judgedParts) });
}

export function taskDefinition(task: EvaluationTask): string {
  return definitionHash(judgedParts(task));
}

/** Hash of every task by alias and task id. */
export function aliasDefinitions(suite: Suite): Record<string, Record<string, string>> {
  return Object.fromEntries(
    [...suite.aliases].map(([alias, { tasks }]) => [
      alias,
      Object.fromEntries(declaredTasks(tasks).map((task) => [task.id, taskDefinition(task)])),
    ]),
  );
}

export function suiteDefinition(suite: Suite): string {
  return definitionHash({
    aliases: aliasDefinitions(suite),
    scenarios: suite.scenarios.map((scenario) => [scenario.id, scenarioDefinition(scenario)]),
  });
}

function judgedParts(task: EvaluationTask): Readonly<Record<string, Json>> {
  const { description: _, ...parts } = task;
  return parts as unknown as Readonly<Record<string, Json>>;
}
