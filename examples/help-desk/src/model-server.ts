import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type Article, products, remedies } from "./articles.ts";
import type { ChatMessage } from "./chat.ts";

export interface ModelServer {
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** Of a hundred searches, so many name another problem: models are not perfect. */
const SLIPS_IN_HUNDRED = 1;

/**
 * A model that needs no key and no network: it follows fixed rules, does what its prompt says and no more, and slips by the
 * request's seed. A customer who says "it blinks" may mean two things: which one it takes is left to chance.
 */
export async function startModelServer({ isDown = false } = {}): Promise<ModelServer> {
  const server = createServer((request, response) => {
    if (isDown) {
      request.resume();
      response.writeHead(503).end("the model is overloaded");
      return;
    }
    void readJson(request).then(({ seed = 0, messages = [] }) => {
      const message = answer(messages, seed);
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ choices: [{ index: 0, message }] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${String(port)}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(messages: readonly ChatMessage[], seed: number): object {
  const textOf = (role: ChatMessage["role"]) =>
    messages.find((message) => message.role === role)?.content ?? "";
  const [prompt, question] = [textOf("system"), textOf("user")];
  return prompt.includes("search_articles") ? search(prompt, question, seed) : write(question);
}

function search(prompt: string, question: string, seed: number): object {
  const product = products.find((name) => question.includes(name)) ?? "";
  const wanted = prompt.includes("the problem")
    ? { product, problem: problemIn(question, seed) }
    : { product };
  const call = { name: "search_articles", arguments: JSON.stringify(wanted) };
  return {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "call_1", type: "function", function: call }],
  };
}

function problemIn(question: string, seed: number): string {
  const chance = percentOf(question, seed);
  if (question.includes("blinks")) {
    return chance < 50 ? "turns off by itself" : "does not turn on";
  }
  const names = Object.keys(remedies);
  const named = names.findIndex((problem) => question.includes(problem));
  const slip = chance < SLIPS_IN_HUNDRED ? 1 : 0;
  return names[(named + slip) % names.length] ?? "";
}

/** Takes the first article, as models do with long lists. */
function write(question: string): object {
  const [first] = JSON.parse(question.slice(question.indexOf("["))) as readonly Article[];
  const text =
    first === undefined
      ? "I am sorry, I found nothing about that."
      : `${first.text} (article ${first.id})`;
  return { role: "assistant", content: text };
}

function percentOf(question: string, seed: number): number {
  const digest = createHash("sha256")
    .update(`${String(seed)}/${question}`)
    .digest();
  return (digest.readUInt32BE(0) / 2 ** 32) * 100;
}

async function readJson(
  request: IncomingMessage,
): Promise<{ readonly seed?: number; readonly messages?: readonly ChatMessage[] }> {
  let text = "";
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
  return JSON.parse(text) as object;
}
