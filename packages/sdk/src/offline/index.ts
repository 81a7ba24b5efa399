export type { AgentFunction, BuildResponse, SimulatedUser, SourceOfError } from "./agent.ts";
export type { Exchange, TurnContext, UserReply } from "@scouter/evaluate";
export type { RunOptions } from "./evaluate-options.ts";
export { EvalOrchestrator, type ScenarioContext, type StoredRun } from "./eval-orchestrator.ts";
export { evaluate, type EvaluateOptions } from "./evaluate.ts";
export { loadSuite } from "./load-suite.ts";
export { loadTasks, saveTasks } from "./task-file.ts";
export { loadResults, saveResults } from "./saved-results.ts";
export { captureSpanProcessor } from "../capture/capture-span-processor.ts";
export {
  type SpanCapture,
  type SpanCaptureMode,
  startSpanCapture,
} from "../capture/span-capture.ts";
export { type OpenJournalOptions, RunJournal } from "./run-folder/run-journal.ts";
export type { JournalPlan } from "./run-folder/journal-line.ts";
export { writeResults } from "./run-folder/write-results.ts";
