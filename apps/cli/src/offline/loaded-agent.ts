import type {
  AgentFunction,
  BuildResponse,
  RunOptions,
  SimulatedUser,
  SourceOfError,
  StoredRun,
} from "@scouter/sdk/offline";

/** What `--agent` may name instead of a function: a class that extends `EvalOrchestrator`. */
export type OrchestratorClass = new (options: RunOptions) => {
  runToStore(): Promise<StoredRun>;
};

/** The agent that a suite is run against, wherever it runs. */
export interface LoadedAgent {
  /** For results, such as `./agent.ts#answer`. */
  readonly name: string;
  readonly agent: AgentFunction | undefined;
  readonly orchestrator?: OrchestratorClass | undefined;
  readonly simulatedUser?: SimulatedUser | undefined;
  readonly buildResponse?: BuildResponse | undefined;
  readonly errorSource?: SourceOfError | undefined;
  readonly versions?: Readonly<Record<string, string>> | undefined;
  /** Ends what the agent started. */
  readonly close: () => Promise<void>;
}
