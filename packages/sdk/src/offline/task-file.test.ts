import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EvaluationTask } from "@scouter/contracts";
import { suiteProblemsOf } from "@scouter/evaluate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agentProfile } from "../profile/agent-profile.ts";
import { assertion, judge } from "../profile/define-task.ts";
import { loadTasks, saveTasks } from "./task-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "scouter-tasks-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const typed = [
  assertion("answered", { path: "answer", operator: "IsNotEmpty", gate: true }),
  judge("helpful", {
    prompt: { provider: "openai", model: "m", messages: "Rate ${answer}" },
    operator: "Contains",
    expected: "fine",
    after: ["answered"],
  }),
];

describe("a file of tasks", () => {
  it.each(["json", "jsonl", "yaml", "yml"])(
    "keeps tasks made in TypeScript, as .%s",
    async (ending) => {
      const file = join(folder, `tasks.${ending}`);
      await saveTasks(file, typed);
      const loaded = await loadTasks(file);
      const tasksOf = (tasks: readonly EvaluationTask[]) =>
        agentProfile({ space: "support", name: "answers", tasks }).tasks;
      const withoutNulls = (value: unknown) =>
        JSON.parse(
          JSON.stringify(value, (_key, member: unknown) => member ?? undefined),
        ) as unknown;
      expect(withoutNulls(tasksOf(loaded))).toEqual(withoutNulls(tasksOf(typed)));
    },
  );

  it("finds prompts beside itself, and says where it is wrong", async () => {
    const file = join(folder, "tasks.yaml");
    await writeFile(
      join(folder, "prompt.json"),
      '{"model":"m","provider":"openai","messages":"Rate ${answer}"}',
    );
    await writeFile(
      file,
      "- task_type: LLMJudge\n  id: j\n  operator: Contains\n  expected_value: x\n  prompt: {path: prompt.json}\n",
    );
    expect(await loadTasks(file)).toMatchObject([{ prompt: { model: "m" } }]);
    await writeFile(
      file,
      "- task_type: Assertion\n  id: a\n  operator: Equal\n  expected_value: 1\n",
    );
    const error = await loadTasks(file).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "EVALUATE_TASK_FILE_INVALID", kind: "invalid" });
    expect(suiteProblemsOf(error)).toMatchObject([{ file, line: 3, path: "[0].operator" }]);
  });

  it.each(["tasks.txt", "none.json"])("refuses %s", async (name) => {
    const refused = expect.objectContaining({ code: "SDK_TASK_FILE" });
    await expect(loadTasks(join(folder, name))).rejects.toEqual(refused);
  });
});
