export { ScouterClient } from "./client/scouter-client.ts";
export type {
  DriftWindowRequest,
  JudgeCostsRequest,
  EvalPageRequest,
  ProfileBody,
  ProfileIdentity,
  RegisteredProfile,
  ProfileStatusChange,
  RegisterProfileOptions,
  ScouterClientOptions,
} from "./client/scouter-client.ts";
export { ServerProblem, serverProblem } from "./client/server-problem.ts";
export type { EvaluatedProfile, ProfileList, Summary, TaskCounts } from "./client/summary-reply.ts";
export type { SessionOptions } from "./client/server-session.ts";
export type * from "./client/trace-reply.ts";
export type * from "./client/user-reply.ts";
export { errors } from "./errors.ts";
export { uuidv7, uuidv7Generator, type Uuidv7Source } from "./identity/uuidv7.ts";
export {
  agentProfile,
  type AgentProfile,
  type AgentProfileFields,
} from "./profile/agent-profile.ts";
export * from "./profile/task-builder.ts";
export {
  agentAssertion,
  assertion,
  type AssertionOptions,
  type DefinedTask,
  judge,
  type JudgeOptions,
  type JudgePrompt,
  type TaskOptions,
  tasksOn,
  traceAssertion,
} from "./profile/define-task.ts";
export { defineProfile } from "./profile/define-profile.ts";
export type { ExpectedValue } from "./profile/expected-value.ts";
export type { PathIn } from "./profile/path-in.ts";
export { accountedItems, type DeliveryStats, type DropReason } from "./queue/delivery-stats.ts";
export type * from "./queue/queue-options.ts";
export { ScouterQueue } from "./queue/scouter-queue.ts";
export { evalRecord, type EvalRecordFields, type EvalRecordItem } from "./record/eval-record.ts";
export { httpTransport, type HttpTransportOptions } from "./transport/http-transport.ts";
export {
  memoryTransport,
  type MemoryStep,
  type MemoryTransport,
} from "./transport/memory-transport.ts";
export type * from "./transport/transport.ts";
export { SDK_VERSION } from "./version.ts";
