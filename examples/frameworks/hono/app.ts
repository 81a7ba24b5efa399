import { serve } from "@hono/node-server";
import { context, propagation, SpanKind } from "@opentelemetry/api";
import { evalRecord, httpTransport, ScouterQueue } from "@scouter/sdk";
import {
  insertOnSpan,
  scouterTracing,
  setGenAiResult,
  withGenAiSpan,
  withSpan,
} from "@scouter/sdk/tracing";
import { Hono } from "hono";

const tracing = await scouterTracing({
  serviceName: "hono",
  endpoint: process.env.SCOUTER_OTLP_URI ?? "http://localhost:4318/v1/traces",
});
const queue = new ScouterQueue({
  profiles: { answers: { uid: process.env.SCOUTER_PROFILE_UID ?? "" } },
  transport: httpTransport({ baseUrl: process.env.SCOUTER_SERVER_URI ?? "http://localhost:8000" }),
});

const app = new Hono();
// Goes on with the trace of the caller, and gives every request a span.
app.use((c, next) => {
  const caller = propagation.extract(context.active(), c.req.header());
  const name = `${c.req.method} ${c.req.path}`;
  return context.with(caller, () => withSpan(name, { kind: SpanKind.SERVER }, () => next()));
});
app.post("/ask", async (c) => {
  const { question } = await c.req.json<{ question: string }>();
  const answer = await ask(question);
  insertOnSpan(queue, "answers", evalRecord({ context: { question, answer } }));
  return c.json({ answer });
});

function ask(question: string): Promise<string> {
  const call = { operation: "chat", provider: "openai", model: "gpt-4o-mini" };
  return withGenAiSpan(call, async (span) => {
    const reply = await fetch(`${process.env.OPENAI_BASE_URL}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: call.model, messages: [{ role: "user", content: question }] }),
    });
    const completion = await reply.json();
    setGenAiResult(span, {
      inputTokens: completion.usage?.prompt_tokens,
      outputTokens: completion.usage?.completion_tokens,
    });
    return completion.choices[0].message.content;
  });
}

const port = Number(process.env.PORT ?? 3000);
const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, () => {
  console.log("listening");
});
process.once("SIGTERM", () => void stop());

async function stop(): Promise<void> {
  server.close();
  await Promise.all([queue.shutdown(), tracing.shutdown()]);
  process.exit();
}
