import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCarList } from "../cars/car-list.ts";
import { makeQuestions } from "../question/make-questions.ts";
import type { ChatCompletion, ChatMessage } from "./chat-protocol.ts";
import { readQuestion } from "./complete-chat.ts";
import { type ModelServer, RETRY_COUNT_HEADER, startModelServer } from "./model-server.ts";
import type { Slip } from "./slip.ts";

const SEED = 7;
let server: ModelServer;
let textOfSlip: ReadonlyMap<Slip | undefined, string>;

beforeAll(async () => {
  server = await startModelServer({ seed: SEED });
  const questions = makeQuestions(await readCarList(), 300, SEED);
  textOfSlip = new Map(
    questions.map(({ text }) => {
      const request = { model: "m", messages: [{ role: "user", content: text } as const] };
      return [readQuestion(request, SEED).slip, text];
    }),
  );
});
afterAll(() => server.close());

function ask(messages: readonly ChatMessage[], retries = 0): Promise<Response> {
  return fetch(`${server.baseUrl}/chat/completions`, {
    method: "POST",
    headers: { [RETRY_COUNT_HEADER]: String(retries) },
    body: JSON.stringify({ model: "m", messages }),
  });
}

async function choiceOf(response: Response) {
  expect(response.status).toBe(200);
  const completion = (await response.json()) as ChatCompletion;
  return { completion, choice: completion.choices[0] };
}

const PEUGEOT = "What is the power of the 1970 peugeot 504?";

/** The second turn: the tool found 87 hp. */
function afterTool(text: string): readonly ChatMessage[] {
  return [
    { role: "user", content: text },
    { role: "tool", tool_call_id: "c", content: JSON.stringify({ value: 87, unit: "hp" }) },
  ];
}

describe("model server", () => {
  it("asks for the tool that answers the question, and counts tokens", async () => {
    const { completion, choice } = await choiceOf(
      await ask([{ role: "user", content: PEUGEOT }], 1),
    );
    expect(choice?.finish_reason).toBe("tool_calls");
    const call = choice?.message.tool_calls?.[0];
    expect(call?.function.name).toBe("look_up_car");
    expect(JSON.parse(call?.function.arguments ?? "")).toEqual({
      name: "peugeot 504",
      year: 1970,
      column: "horsepower",
    });
    const {
      prompt_tokens: prompt,
      completion_tokens: output,
      total_tokens: total,
    } = completion.usage;
    expect(prompt).toBeGreaterThan(0);
    expect(output).toBeGreaterThan(0);
    expect(total).toBe(prompt + output);
  });

  it("gives the same answer to the same request", async () => {
    const [first, second] = await Promise.all([ask(afterTool(PEUGEOT)), ask(afterTool(PEUGEOT))]);
    const [left, right] = [await choiceOf(first), await choiceOf(second)];
    expect(left.completion.id).toBe(right.completion.id);
    expect(left.choice).toEqual(right.choice);
  });

  it.each<[Slip | undefined, (value: number | null, unit: string | null) => boolean]>([
    [undefined, (value, unit) => value === 87 && unit === "hp"],
    ["wrong-number", (value, unit) => value !== 87 && value !== null && unit === "hp"],
    ["wrong-unit", (value, unit) => value === 87 && unit !== "hp"],
    ["empty-apology", (value, unit) => value === null && unit === null],
  ])("slips as the seed says: %s", async (slip, holds) => {
    const text = textOfSlip.get(slip) ?? "";
    const { choice } = await choiceOf(await ask(afterTool(text), 1));
    const answer = JSON.parse(choice?.message.content ?? "") as {
      value: number | null;
      unit: string | null;
    };
    expect(holds(answer.value, answer.unit)).toBe(true);
  });

  it("asks for a column that does not exist when it slips so", async () => {
    const text = textOfSlip.get("wrong-column") ?? "";
    const { choice } = await choiceOf(await ask([{ role: "user", content: text }]));
    const call = choice?.message.tool_calls?.[0]?.function.arguments;
    expect(JSON.parse(call ?? "")).toMatchObject({ column: "top_speed" });
  });

  it("refuses the first try of an overloaded question, not the second", async () => {
    const text = textOfSlip.get("overloaded") ?? "";
    const messages = [{ role: "user", content: text } as const];
    expect((await ask(messages, 0)).status).toBe(503);
    expect((await ask(messages, 1)).status).toBe(200);
  });

  it.each([
    ["not JSON", "/chat/completions", "{", 400],
    ["no messages", "/chat/completions", "{}", 400],
    ["null", "/chat/completions", "null", 400],
    ["another route", "/completions", "{}", 404],
    ["a huge body", "/chat/completions", "x".repeat(1_000_001), 413],
  ])("refuses %s", async (_, path, body, status) => {
    const response = await fetch(`${server.baseUrl}${path}`, { method: "POST", body });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error" } });
  });
});
