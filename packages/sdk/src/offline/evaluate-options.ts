import type { Clock } from "@scouter/contracts";
import type { Judging, ModelledUser, RepeatStore, RunProgress, Suite } from "@scouter/evaluate";
import type { AgentFunction, BuildResponse, SimulatedUser, SourceOfError } from "./agent.ts";

export interface RunOptions {
  /** As `loadSuite` gives it, or a suite in the form of files: `{ scenarios: [...] }`, or a list of scenarios. */
  readonly suite: Suite | object;
  readonly agent?: AgentFunction | undefined;
  /** Who plays the user of scenarios with a persona: a function, or a model (`modelledUser`). */
  readonly simulatedUser?: SimulatedUser | ModelledUser | undefined;
  readonly buildResponse?: BuildResponse | undefined;
  readonly errorSource?: SourceOfError | undefined;
  /** Runs of every scenario, default 1. */
  readonly repeats?: number | undefined;
  /** Repeats under way at once, default 4. */
  readonly concurrency?: number | undefined;
  /** A whole number; each repeat gets a seed of its own from it. Default 1. */
  readonly seed?: number | undefined;
  /** Longest time of one repeat, default 300,000. */
  readonly timeoutMs?: number | undefined;
  /** What judges need; without it their tasks are errors of the harness. */
  readonly judging?: Judging | undefined;
  /** US dollars of judges and simulated users; nothing is begun once they are spent. */
  readonly budgetUsd?: number | undefined;
  /** The first error of the agent rejects, instead of being that repeat's outcome. Default false. */
  readonly failFast?: boolean | undefined;
  /** Collect the spans of whatever uses OpenTelemetry in this process. Default true. */
  readonly captureSpans?: boolean | undefined;
  /** Of models, prompts, the agent; shown beside results. */
  readonly versions?: Readonly<Record<string, string>> | undefined;
  /** How the agent is named in results. */
  readonly agentName?: string | undefined;
  /** Default: a new UUIDv7. */
  readonly runId?: string | undefined;
  /** Milliseconds since the epoch, default now. */
  readonly createdAtMs?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Where finished repeats go; default memory. */
  readonly store?: RepeatStore | undefined;
  readonly onRepeat?: ((progress: RunProgress) => void | Promise<void>) | undefined;
  /** Called when every scenario has so many repeats; true ends the run there. */
  readonly isEnough?: ((repeats: number) => Promise<boolean>) | undefined;
}
