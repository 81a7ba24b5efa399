import { answerCustomer } from "./desk.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";

/** What an evaluation tells beside the message; the agent's own seed makes a run repeatable. */
interface Turn {
  readonly seed: number;
  readonly signal: AbortSignal;
}

let server: Promise<ModelServer> | undefined;

/** The agent as it is: `scouter eval run suite.yaml --agent src/agent.ts`. */
export default async function answer(message: string, turn: Turn): Promise<string> {
  const { baseUrl } = await (server ??= startModelServer());
  return answerCustomer(message, { ...turn, baseUrl, prompt: "retriever" });
}

/** With a prompt that somebody shortened. */
export async function withShortenedPrompt(message: string, turn: Turn): Promise<string> {
  const { baseUrl } = await (server ??= startModelServer());
  return answerCustomer(message, { ...turn, baseUrl, prompt: "retriever-shortened" });
}

/** With a model that is out of order. */
export async function withoutModel(message: string, turn: Turn): Promise<string> {
  const { baseUrl } = await (server ??= startModelServer({ isDown: true }));
  return answerCustomer(message, { ...turn, baseUrl, prompt: "retriever" });
}

export const versions = { agent: "1.0.0", model: "desk-1" };

/** Called when a run ends. */
export async function close(): Promise<void> {
  const running = await server;
  server = undefined;
  await running?.close();
}
