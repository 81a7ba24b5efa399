import express from "express";
import OpenAI from "openai";
import { evalRecord, httpTransport, ScouterQueue } from "@scouter/sdk";
import { insertOnSpan } from "@scouter/sdk/tracing";
import { tracing } from "./instrumentation.ts";

const queue = new ScouterQueue({
  profiles: { answers: { uid: process.env.SCOUTER_PROFILE_UID ?? "" } },
  transport: httpTransport({ baseUrl: process.env.SCOUTER_SERVER_URI ?? "http://localhost:8000" }),
});
const openai = new OpenAI({ apiKey: process.env.OPENAI_API_KEY ?? "unset" });

const app = express();
app.use(express.json());
app.post("/ask", async (request, response) => {
  const { question } = request.body;
  const completion = await openai.chat.completions.create({
    model: "gpt-4o-mini",
    messages: [{ role: "user", content: question }],
  });
  const answer = completion.choices[0]?.message.content ?? "";
  insertOnSpan(queue, "answers", evalRecord({ context: { question, answer } }));
  response.json({ answer });
});

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  console.log("listening");
});
process.once("SIGTERM", () => void stop());

async function stop(): Promise<void> {
  server.close();
  await Promise.all([queue.shutdown(), tracing.shutdown()]);
  process.exit();
}
