import { ChatOpenAI } from "@langchain/openai";
import { createAgent, tool } from "langchain";
import { z } from "zod";
import { temperatureIn } from "./weather.ts";

/** An agent of LangChain.js, as its users write it: nothing here knows of evaluations. */
export function langChainAgent(baseURL: string) {
  const agent = createAgent({
    model: new ChatOpenAI({
      model: "weather-1",
      apiKey: "none",
      maxRetries: 0,
      configuration: { baseURL },
    }),
    tools: [
      tool(async (input: { city: string }) => JSON.stringify(await temperatureIn(input)), {
        name: "temperature",
        description: "the temperature in a city",
        schema: z.object({ city: z.string() }),
      }),
    ],
  });
  return async (question: string): Promise<string> => {
    const { messages } = await agent.invoke({
      messages: [{ role: "user", content: question }],
    });
    const content = messages.at(-1)?.content;
    return typeof content === "string" ? content : JSON.stringify(content);
  };
}
