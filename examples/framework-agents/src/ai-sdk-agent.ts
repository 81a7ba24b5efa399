import { createOpenAI } from "@ai-sdk/openai";
import { generateText, isStepCount, tool } from "ai";
import { z } from "zod";
import { temperatureIn } from "./weather.ts";

/** An agent of the Vercel AI SDK, as its users write it: nothing here knows of evaluations. */
export function aiSdkAgent(baseURL: string) {
  const openai = createOpenAI({ baseURL, apiKey: "none" });
  const tools = {
    temperature: tool({
      description: "the temperature in a city",
      inputSchema: z.object({ city: z.string() }),
      execute: temperatureIn,
    }),
  };
  return async (question: string): Promise<string> => {
    const { text } = await generateText({
      model: openai.chat("weather-1"),
      prompt: question,
      tools,
      stopWhen: isStepCount(4),
      maxRetries: 0,
    });
    return text;
  };
}
