import type { Clock, ErrorSource, EvalScenario, Json, RunJudging } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { withTimeLimit } from "../judge/time-limit.ts";
import type { EvaluatedSpan } from "../port/span-source.ts";
import type { CollectedRecord, CollectedRepeat, RepeatEnd } from "./collected-repeat.ts";
import {
  type Conversation,
  type Exchange,
  holdConversation,
  type Speakers,
  type TurnContext,
  type UserReply,
} from "./conversation.ts";
import { errorSourceOf, errorText } from "./error-source.ts";
import type { RepeatJob } from "./run-scenarios.ts";

/** What was recorded while one repeat ran. */
export interface Captured {
  readonly records: ReadonlyMap<string, readonly CollectedRecord[]>;
  readonly spans: readonly EvaluatedSpan[];
}

/**
 * Keeps what an agent records apart, repeat by repeat.
 *
 * Contract: `captured` holds what `work` recorded, and what it started that recorded before `work` ended: nothing of work
 * under way elsewhere. `outside` runs a part of the work uncaptured. Rejects with what `work` rejects with.
 */
export interface Capture {
  during<Result>(
    job: Pick<RepeatJob, "scenario" | "repeat">,
    work: () => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly captured: Captured }>;
  outside<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** What a run asks of who conducts it; answers may be anything that has a JSON form. */
export interface Conductor {
  readonly begin?: (job: RepeatJob) => void | Promise<void>;
  /** Has the whole conversation. `speak` holds the usual one. */
  readonly converse: (speak: () => Promise<Conversation>, job: RepeatJob) => Promise<Conversation>;
  readonly agent: (message: string, context: TurnContext) => unknown;
  readonly user: (response: Json, context: TurnContext) => Promise<UserReply | string>;
  /** What the tasks look at as the response; default the last answer. */
  readonly respond: (
    scenario: EvalScenario,
    response: Json,
    exchanges: readonly Exchange[],
  ) => unknown;
  /** Told of the agent's own last answer, undefined when there is none, and how the repeat ended. */
  readonly complete?: (
    job: RepeatJob,
    response: Json | undefined,
    end: RepeatEnd,
  ) => void | Promise<void>;
  /** Whose error this is, where the default does not know. */
  readonly sourceOf?: ((error: unknown) => ErrorSource | undefined) | undefined;
  /** What the simulated user of a repeat used. */
  readonly simulatedUser?: ((job: RepeatJob) => RunJudging | undefined) | undefined;
}

export interface ConductOptions {
  readonly conductor: Conductor;
  readonly capture: Capture;
  readonly clock: Clock;
  /** Longest time of one repeat. */
  readonly timeoutMs: number;
}

/** Has one scenario's conversation and collects what it left. Rejects only with the signal's reason. */
export async function conductScenario(
  job: RepeatJob,
  options: ConductOptions,
): Promise<CollectedRepeat> {
  const { capture, clock, conductor } = options;
  const startedAtMs = clock.now();
  const startMs = clock.monotonicMs();
  const begun = await hook(() => conductor.begin?.(job));
  const { result, captured } = await capture.during(
    job,
    async () => begun ?? converse(job, options),
  );
  job.signal.throwIfAborted();
  const failed = await hook(() =>
    conductor.complete?.(job, result.exchanges.at(-1)?.agent, result.end),
  );
  const simulatedUser = conductor.simulatedUser?.(job);
  return {
    scenario: job.scenario,
    exchanges: result.exchanges,
    end: result.end.kind === "answered" ? (failed?.end ?? result.end) : result.end,
    records: captured.records,
    spans: captured.spans,
    startedAtMs,
    durationMs: Math.max(0, Math.round(clock.monotonicMs() - startMs)),
    ...(simulatedUser === undefined ? {} : { simulatedUser }),
  };
}

type Talk = Pick<CollectedRepeat, "end" | "exchanges">;

/** A hook's error is the harness's. */
async function hook(call: () => void | Promise<void> | undefined): Promise<Talk | undefined> {
  try {
    await call();
    return undefined;
  } catch (thrown) {
    const error = `a hook of the run failed: ${errorText(thrown)}`;
    return { end: { kind: "errored", source: "harness", error, thrown }, exchanges: [] };
  }
}

async function converse(
  job: RepeatJob,
  { conductor, capture, clock, timeoutMs }: ConductOptions,
): Promise<Talk> {
  const { scenario, repeat, seed } = job;
  const exchanges: Exchange[] = [];
  try {
    return await withTimeLimit(
      async (signal): Promise<Talk> => {
        const speakers: Speakers = {
          agent: async (message, context) => {
            const agent = jsonOf(await conductor.agent(message, context));
            exchanges.push({ user: message, agent });
            return agent;
          },
          user: (response, context) =>
            capture.outside(() => conductor.user(response, context)).catch(throwAsUser),
        };
        const speak = () => holdConversation(scenario, speakers, { seed, repeat, signal });
        const held = await conductor.converse(speak, { ...job, signal });
        const built = conductor.respond(scenario, held.response, held.exchanges);
        const end = { kind: "answered" as const, response: jsonOf(await built) };
        return { end, exchanges: held.exchanges };
      },
      {
        clock,
        limitMs: timeoutMs,
        signal: job.signal,
        expired: () =>
          new TimedOut(
            errors.EVALUATE_AGENT_TIMEOUT({ scenario: scenario.id, waitedMs: timeoutMs }),
          ),
      },
    );
  } catch (thrown) {
    job.signal.throwIfAborted();
    const source = sourceOf(thrown, conductor);
    // What was said until then.
    return { end: { kind: "errored", source, error: errorText(thrown), thrown }, exchanges };
  }
}

/** The time that an agent takes is its own, whatever it waited for. */
class TimedOut extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** A simulated user that fails says nothing about the agent. */
class UserFailed extends Error {
  constructor(cause: unknown) {
    super(`the simulated user failed: ${errorText(cause)}`, { cause });
  }
}

function throwAsUser(cause: unknown): never {
  throw new UserFailed(cause);
}

function sourceOf(thrown: unknown, { sourceOf: said }: Conductor): ErrorSource {
  if (thrown instanceof TimedOut) return "agent";
  if (thrown instanceof UserFailed) {
    return errorSourceOf(thrown.cause) === "provider" ? "provider" : "harness";
  }
  return said?.(thrown) ?? errorSourceOf(thrown);
}

/** The value as JSON has it; what has none is null. Throws TypeError for circles and big integers. */
export function jsonOf(value: unknown): Json {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  const text: string | undefined = JSON.stringify(value);
  return text === undefined ? null : (JSON.parse(text) as Json);
}
