import type { ErrorSource, EvalScenario, Json } from "@scouter/contracts";
import type { Exchange, TurnContext, UserReply } from "@scouter/evaluate";

/**
 * What is evaluated: takes a message and answers with text, or any value that has a JSON form. What it throws ends the
 * repeat as an error: of the provider when a service it called failed (HTTP 429 or 5xx, no connection), else of the agent.
 * An error with the member `errorSource` says itself whose it is.
 */
export type AgentFunction = (message: string, context: TurnContext) => unknown;

/** Plays the user of scenarios with a persona. Called when the agent answered and a turn is left. */
export type SimulatedUser = (
  response: Json,
  context: TurnContext,
) => UserReply | string | Promise<UserReply | string>;

/** What tasks look at as the response; default: the agent's last answer. */
export type BuildResponse = (
  scenario: EvalScenario,
  response: Json,
  exchanges: readonly Exchange[],
) => unknown;

/** Whose an error is; undefined leaves it to the default. */
export type SourceOfError = (error: unknown) => ErrorSource | undefined;
