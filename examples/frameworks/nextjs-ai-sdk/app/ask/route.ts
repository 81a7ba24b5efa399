import { createOpenAI } from "@ai-sdk/openai";
import { evalRecord, httpTransport, ScouterQueue } from "@scouter/sdk";
import { insertOnSpan, withSpan } from "@scouter/sdk/tracing";
import { generateText } from "ai";

export const dynamic = "force-dynamic";

const queue = new ScouterQueue({
  profiles: { answers: { uid: process.env.SCOUTER_PROFILE_UID ?? "" } },
  transport: httpTransport({ baseUrl: process.env.SCOUTER_SERVER_URI ?? "http://localhost:8000" }),
  // Next.js ends its process itself: records do not wait for more than a second.
  publishIntervalMs: 1_000,
});

export function POST(request: Request): Promise<Response> {
  return withSpan("POST /ask", async () => {
    const { question } = (await request.json()) as { question: string };
    const openai = createOpenAI({ apiKey: process.env.OPENAI_API_KEY ?? "unset" });
    const { text } = await generateText({ model: openai.chat("gpt-4o-mini"), prompt: question });
    insertOnSpan(queue, "answers", evalRecord({ context: { question, answer: text } }));
    return Response.json({ answer: text });
  });
}
