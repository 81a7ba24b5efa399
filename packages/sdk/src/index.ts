export { ScouterClient } from "./client/scouter-client.ts";
export type {
  DriftWindowRequest,
  JudgeCostsRequest,
  EvalPageRequest,
  EvalRunListRequest,
  ProfileBody,
  ProfileIdentity,
  RegisteredProfile,
  ProfileStatusChange,
  RegisterProfileOptions,
  ScouterClientOptions,
} from "./client/scouter-client.ts";
export { ServerProblem, serverProblem } from "./client/server-problem.ts";
export type { EvaluatedProfile, Summary, TaskCounts } from "@scouter/contracts";
export type { ProfileList } from "./client/profile-reply.ts";
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
export { exportQueueMetrics, type CountedQueue, type QueueMeter } from "./queue/queue-metrics.ts";
export { ScouterQueue } from "./queue/scouter-queue.ts";
export { evalRecord, type EvalRecordFields, type EvalRecordItem } from "./record/eval-record.ts";
export { features, metrics, type FeaturesItem, type MetricsItem } from "./record/observed-row.ts";
export type { SpoolStats } from "./queue/spool/spooled-delivery.ts";
export type { WatchingProfile } from "./queue/kind/batch-maker-of.ts";
export { grpcTransport, type GrpcTransportOptions } from "./transport/grpc-transport.ts";
export { httpTransport, type HttpTransportOptions } from "./transport/http-transport.ts";
export { kafkaTransport, type KafkaTransportOptions } from "./transport/kafka-transport.ts";
export {
  memoryTransport,
  type MemoryStep,
  type MemoryTransport,
} from "./transport/memory-transport.ts";
export {
  rabbitmqTransport,
  type RabbitmqTransportOptions,
} from "./transport/rabbitmq-transport.ts";
export {
  redisChannelTransport,
  type RedisChannelTransportOptions,
} from "./transport/redis-channel-transport.ts";
export {
  redisStreamTransport,
  type RedisStreamTransportOptions,
} from "./transport/redis-stream-transport.ts";
export type * from "./transport/transport.ts";
export { SDK_VERSION } from "./version.ts";
