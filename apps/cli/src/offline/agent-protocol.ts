import { type ErrorSource, errorSource, type Json } from "@scouter/contracts";
import type { TurnContext } from "@scouter/evaluate";

/** What an agent outside of this process is sent for each message, as JSON. */
export interface AgentRequest {
  readonly message: string;
  readonly scenario_id: string;
  /** The same for all messages of one repeat. */
  readonly session_id: string;
  /** From 0. */
  readonly turn: number;
  readonly repeat: number;
  readonly seed: number;
  readonly history: readonly { readonly user: string; readonly agent: Json }[];
}

export function agentRequest(message: string, context: TurnContext, runId: string): AgentRequest {
  const { scenario, turn, repeat, seed, history } = context;
  return {
    message,
    scenario_id: scenario.id,
    session_id: `${runId}/${scenario.id}/${String(repeat)}`,
    turn,
    repeat,
    seed,
    history,
  };
}

/** An error of an agent outside of this process, and whose it is. */
export class RemoteAgentError extends Error {
  readonly errorSource: ErrorSource;

  constructor(message: string, source: ErrorSource, options?: ErrorOptions) {
    super(message, options);
    this.errorSource = source;
  }
}

/**
 * The answer in a reply: the member `response` of an object that has one, else the reply itself, JSON or plain text.
 *
 * @throws RemoteAgentError for `{ "error": { "message", "source" } }`
 */
export function answerOf(text: string): Json {
  const reply = parsed(text);
  if (typeof reply !== "object" || reply === null || Array.isArray(reply)) return reply;
  const members = reply as Readonly<Record<string, Json>>;
  if (members["error"] !== undefined && members["error"] !== null) throw errorOf(members["error"]);
  return members["response"] ?? reply;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text.trim();
  }
}

function errorOf(given: Json): RemoteAgentError {
  const members =
    typeof given === "object" && given !== null && !Array.isArray(given)
      ? (given as Readonly<Record<string, Json>>)
      : {};
  const { message, source } = members;
  const said = errorSource.safeParse(source);
  return new RemoteAgentError(
    typeof message === "string" ? message : JSON.stringify(given),
    said.success ? said.data : "agent",
  );
}
