export type * from "./port/chat-model.ts";
export type * from "./port/span-source.ts";
export { type Path, type PathSegment, printPath } from "./path/path.ts";
export { parsePath } from "./path/parse-path.ts";
export { type PathResolution, resolvePath } from "./path/resolve-path.ts";
export type { Template } from "./template/template.ts";
export { parseTemplate } from "./template/parse-template.ts";
export { resolveTemplate } from "./template/resolve-template.ts";
export type { ArrayMode, Check, Mismatch, Operator, Verdict } from "./operator/operator.ts";
export {
  builtInVocabulary,
  type EvaluationExtensions,
  type TaskType,
  type ValueSource,
  type Vocabulary,
  vocabularyWith,
} from "./extension/vocabulary.ts";
export type { RunScope } from "./execute/run-scope.ts";
export { operatorTable } from "./operator/operator-table.ts";
export { PatternCache } from "./operator/pattern-cache.ts";
export { declaredTasks } from "./task/declared-tasks.ts";
export { type ChangedMeaning, changedMeanings } from "./task/changed-meanings.ts";
export { findTaskProblems, validateTasks, validateTasksInTurns } from "./task/validate-tasks.ts";
export type { Turn } from "./turn/steps.ts";
export { unknownMembers } from "./suite/unknown-members.ts";
export { type TaskProblem, type TaskProblemKind, taskProblemsOf } from "./task/task-problem.ts";
export {
  type ExecutionNode,
  type ExecutionPlan,
  executionPlanToJson,
} from "./plan/execution-plan.ts";
export { planTasks } from "./plan/plan-tasks.ts";
export type { CompiledTask, CompiledTasks } from "./execute/compiled-task.ts";
export { compileTasks, compileTasksInTurns } from "./execute/compile-tasks.ts";
export type { RecordEvaluation, RecordInput } from "./execute/record-run.ts";
export type { EvaluationPorts } from "./execute/run-scope.ts";
export type { JudgingSummary } from "./execute/judging-summary.ts";
export {
  evaluateAssertions,
  type EvaluateRecordInput,
  evaluateRecord,
} from "./execute/evaluate-record.ts";
export { jsonEquals } from "./json/json-equals.ts";
export type { AgentResponse, ToolCall } from "./agent-response/agent-response.ts";
export { type ReadResponse, readAgentResponse } from "./agent-response/read-agent-response.ts";
export { type PlacedSpan, placeSpans, type TraceView } from "./trace-assertion/span-order.ts";
export type { Judging } from "./judge/judging.ts";
export {
  type JudgeModels,
  judgeModels,
  type JudgeProvider,
  type OnPauseAsked,
  type PausableJudgeModels,
} from "./judge/judge-models.ts";
export { type JudgePrompt, readPrompt } from "./judge/read-prompt.ts";
export { parsePromptTemplate, type PromptTemplate, renderPrompt } from "./judge/prompt-template.ts";
export { type AnswerCache, MemoryAnswerCache } from "./judge/answer-cache.ts";
export type { JudgeUsage, PriceOf, TokenPrice } from "./judge/spend.ts";
export {
  budgetedChatModel,
  DailySpendBudget,
  type Reservation,
  type SpendBudget,
  type SpendRefusal,
  type SpendRequest,
} from "./judge/spend-budget.ts";
export { retryingChatModel } from "./judge/retrying-chat-model.ts";
export { timeLimitedChatModel } from "./judge/time-limited-chat-model.ts";
export { CallGate, limitedChatModel } from "./judge/limited-chat-model.ts";
export {
  type CallTokens,
  estimateJudging,
  type JudgeEstimate,
  type JudgingEstimate,
  type JudgingTraffic,
} from "./estimate/estimate-judging.ts";
export { compareDefaults, compareModes } from "./compare/compare-options.ts";
export type { CompareMode, CompareOptions, QuarantineEntry } from "./compare/compare-options.ts";
export type * from "./compare/comparison.ts";
export { compareRuns } from "./compare/compare-runs.ts";
export { readRun } from "./compare/read-run.ts";
export type { Tally } from "./compare/observation.ts";
export type { ScenarioChange, ScenarioStatus } from "./compare/scenario-change.ts";
export type { MissingTask, TaskChange, WorkflowComparison } from "./compare/workflow-comparison.ts";
export type { Flakiness } from "./compare/flakiness.ts";
export type { MetricKind } from "./compare/metric.ts";
export {
  comparedCells,
  comparisonMarkdown,
  markdownReport,
  ownCells,
  scenarioCells,
} from "./report/markdown-report.ts";
export { type ReportInput, runReport, type RunReport } from "./report/run-report.ts";
export type { MeasuredRate, MetricRow } from "./report/metric-row.ts";
export type { RowStatus, ScenarioRow, ScenarioSide } from "./report/scenario-row.ts";
export { money, type ReportFact } from "./report/report-facts.ts";
export {
  readReporters,
  type Reporter,
  reporters,
  type ReportFile,
  reportFiles,
} from "./report/report-files.ts";
export { htmlReport } from "./report/html/html-report.ts";
export { scenarioOutcome, scenarioTold, type TestOutcome } from "./report/scenario-outcome.ts";
export { junitReport } from "./report/junit-report.ts";
export { type DiffPart, wordDiff } from "./report/word-diff.ts";
export { compareTo } from "./compare/compare-to.ts";
export { type LookPlan, lookLevels, lookPlan, typicalRepeats } from "./compare/look-plan.ts";
export { nextLook, type NextLook, type NextLookInput } from "./compare/next-look.ts";
export { readQuarantine } from "./compare/read-quarantine.ts";
export { poolRuns } from "./compare/pool-runs.ts";
export {
  type CanaryDecision,
  type CanaryInput,
  type CanaryRecord,
  type CanaryVerdict,
  decideCanary,
  MOST_LOOKS,
} from "./canary/decide-canary.ts";
export type { CompiledAlias, CompiledSuite, Suite, SuiteAlias } from "./suite/suite.ts";
export { type SuiteText, readSuite, suiteOf } from "./suite/read-suite.ts";
export type { ReadIncluded } from "./suite/read-file-tasks.ts";
export { type SuiteFormat, suiteFormatOf, suiteFormats } from "./suite/parse-suite-text.ts";
export { printProblem, type SuiteProblem, suiteProblemsOf } from "./suite/suite-problem.ts";
export { readTaskText, type TaskText } from "./task-file/read-task-text.ts";
export { writeTaskText } from "./task-file/write-task-text.ts";
export { compileSuite } from "./suite/compile-suite.ts";
export {
  aliasDefinitions,
  scenarioDefinition,
  suiteDefinition,
  taskDefinition,
} from "./suite/definition-hash.ts";
export { bucketsOf } from "./task/task-buckets.ts";
export type { CollectedRecord, CollectedRepeat, RepeatEnd } from "./scenario/collected-repeat.ts";
export {
  type Conversation,
  type Exchange,
  endsConversation,
  holdConversation,
  isInteractive,
  type Speakers,
  type TurnContext,
  type UserReply,
} from "./scenario/conversation.ts";
export {
  type Capture,
  type Captured,
  conductScenario,
  type Conductor,
  type ConductOptions,
} from "./scenario/conduct-scenario.ts";
export { errorSourceOf } from "./scenario/error-source.ts";
export { type EvalMetrics, evalMetrics, missingShare } from "./scenario/eval-metrics.ts";
export { EvalResults } from "./scenario/eval-results.ts";
export { evaluateRepeat, type RepeatPorts } from "./scenario/evaluate-repeat.ts";
export { MemoryRepeatStore, type RepeatStore } from "./scenario/repeat-store.ts";
export { repeatSeed } from "./scenario/repeat-seed.ts";
export { responseText } from "./scenario/response-text.ts";
export {
  runDocumentOf,
  type RunHeader,
  runHeader,
  type RunIdentity,
  runScenarioOf,
} from "./scenario/run-document-of.ts";
export {
  type RepeatJob,
  type RunEnd,
  type RunProgress,
  runScenarios,
  type RunScenariosOptions,
} from "./scenario/run-scenarios.ts";
export { addRepeat, emptyTally, type RunTally } from "./scenario/run-tally.ts";
export {
  type DatasetRecord,
  type DatasetRunOptions,
  EvalDataset,
} from "./scenario/eval-dataset.ts";
export { EvalRunner, type GatheredScenario } from "./scenario/eval-runner.ts";
export {
  type ModelledUser,
  modelledUser,
  type SimulatedUserOptions,
} from "./scenario/simulated-user.ts";
export type { ScoreComparison } from "./compare/compare-scores.ts";
