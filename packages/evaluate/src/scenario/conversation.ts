import type { EvalScenario, Json } from "@scouter/contracts";
import { responseText } from "./response-text.ts";

/** One question and its answer. */
export interface Exchange {
  readonly user: string;
  readonly agent: Json;
}

/** What an agent and a simulated user are told beside the message. */
export interface TurnContext {
  readonly scenario: EvalScenario;
  /** What the user said in this turn. */
  readonly message: string;
  /** From 0. */
  readonly turn: number;
  /** Earlier exchanges of this conversation, without the current one. */
  readonly history: readonly Exchange[];
  /** Of this repeat, from 0 to 2^31 - 1: the same in every run with the same seed. */
  readonly seed: number;
  /** Which repeat this is, from 0. */
  readonly repeat: number;
  /** Ends when the run is stopped or the scenario's time is up. */
  readonly signal: AbortSignal;
}

/** What a simulated user says next, and whether that was the last. */
export interface UserReply {
  readonly message: string;
  readonly done?: boolean;
}

export interface Speakers {
  /** The agent's answer to one message. */
  readonly agent: (message: string, context: TurnContext) => Promise<Json>;
  /** Needed by scenarios with a persona. `response` answers the current message. */
  readonly user: (response: Json, context: TurnContext) => Promise<UserReply | string>;
}

export interface Conversation {
  /** The last answer; empty text when the agent was never asked. */
  readonly response: Json;
  readonly exchanges: readonly Exchange[];
}

/** Whether a simulated user takes part: a persona decides, a termination signal alone does not. */
export function isInteractive({ simulated_user_persona: persona }: EvalScenario): boolean {
  return persona !== null && persona !== undefined && persona !== "";
}

/**
 * Holds a scenario's conversation: its query, its predefined turns, then, with a persona, what the simulated user says,
 * until that ends or `max_turns` messages were answered. The user is not asked for a message that nobody would answer.
 * `max_turns` bounds interactive scenarios only: predefined turns alone are all played.
 */
export async function holdConversation(
  scenario: EvalScenario,
  { agent, user }: Speakers,
  about: Pick<TurnContext, "seed" | "repeat" | "signal">,
): Promise<Conversation> {
  const exchanges: Exchange[] = [];
  const scripted = [scenario.initial_query, ...scenario.predefined_turns];
  const limit = isInteractive(scenario) ? scenario.max_turns : scripted.length;
  let response: Json = "";
  let message = scripted[0];
  while (message !== undefined && exchanges.length < limit) {
    about.signal.throwIfAborted();
    const history = [...exchanges];
    const context = { scenario, message, turn: exchanges.length, history, ...about };
    response = await agent(message, context);
    exchanges.push({ user: message, agent: response });
    message = scripted[exchanges.length];
    if (message !== undefined || exchanges.length >= limit) continue;
    const reply = userReply(await user(response, context));
    if (endsConversation(reply, scenario.termination_signal)) break;
    message = reply.message;
  }
  return { response, exchanges };
}

function userReply(given: UserReply | string): UserReply {
  return typeof given === "string" ? { message: given } : given;
}

/**
 * Whether a reply is the last. One that tells by `done` is believed; else it ends with the termination signal, or has a line
 * of nothing else. A user who only mentions the word ("I am not DONE yet") goes on.
 */
export function endsConversation(
  { message, done }: UserReply,
  signal: string | null | undefined,
): boolean {
  if (done !== undefined) return done;
  if (signal === null || signal === undefined || signal === "") return false;
  const wanted = bare(signal);
  const lines = message.split("\n").map(bare);
  return lines.includes(wanted) || endsWithWord(bare(message), wanted);
}

/** Without what stands around a word at the end of a sentence. */
function bare(text: string): string {
  return text.replaceAll(/^[\s"'*`([<]+|[\s"'*`)\]>.!?]+$/g, "");
}

function endsWithWord(text: string, word: string): boolean {
  if (word === "" || !text.endsWith(word)) return false;
  const before = text.at(-word.length - 1);
  return before === undefined || !/[\p{L}\p{N}_]/u.test(before);
}

/** Both sides as people read them. */
export function turnsOf(exchanges: readonly Exchange[]) {
  return exchanges.flatMap(({ user, agent }) => [
    { role: "user" as const, text: user },
    { role: "agent" as const, text: responseText(agent) },
  ]);
}
