export type * from "./port/chat-model.ts";
export type * from "./port/span-source.ts";
export { type Path, type PathSegment, printPath } from "./path/path.ts";
export { parsePath } from "./path/parse-path.ts";
export { type PathResolution, resolvePath } from "./path/resolve-path.ts";
export type { Template } from "./template/template.ts";
export { parseTemplate } from "./template/parse-template.ts";
export { resolveTemplate } from "./template/resolve-template.ts";
export type { ArrayMode, Check, Mismatch, Operator, Verdict } from "./operator/operator.ts";
export { operatorTable } from "./operator/operator-table.ts";
export { PatternCache } from "./operator/pattern-cache.ts";
export { declaredTasks } from "./task/declared-tasks.ts";
export { findTaskProblems, validateTasks } from "./task/validate-tasks.ts";
export { type TaskProblem, type TaskProblemKind, taskProblemsOf } from "./task/task-problem.ts";
export {
  type ExecutionNode,
  type ExecutionPlan,
  executionPlanToJson,
} from "./plan/execution-plan.ts";
export { planTasks } from "./plan/plan-tasks.ts";
export { type CompiledTask, type CompiledTasks, compileTasks } from "./execute/compile-tasks.ts";
export type { RecordEvaluation, RecordInput } from "./execute/record-run.ts";
export type { EvaluationPorts } from "./execute/task-runner.ts";
export {
  evaluateAssertions,
  type EvaluateRecordInput,
  evaluateRecord,
} from "./execute/evaluate-record.ts";
export { jsonEquals } from "./json/json-equals.ts";
