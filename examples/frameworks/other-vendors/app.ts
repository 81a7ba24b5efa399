// Anthropic's and Google's own clients, each traced by an instrumentation that exists, in two dialects of attributes.
import { createServer } from "node:http";
import { AnthropicInstrumentation } from "@arizeai/openinference-instrumentation-anthropic";
import { evalRecord, httpTransport, ScouterQueue } from "@scouter/sdk";
import { insertOnSpan, scouterTracing, withSpan } from "@scouter/sdk/tracing";
import { GenAIInstrumentation } from "@traceloop/instrumentation-google-generativeai";

const anthropicInstrumentation = new AnthropicInstrumentation();
const tracing = await scouterTracing({
  serviceName: "other-vendors",
  endpoint: process.env.SCOUTER_OTLP_URI ?? "http://localhost:4318/v1/traces",
  instrumentations: [anthropicInstrumentation, new GenAIInstrumentation()],
});
const queue = new ScouterQueue({
  profiles: { answers: { uid: process.env.SCOUTER_PROFILE_UID ?? "" } },
  transport: httpTransport({ baseUrl: process.env.SCOUTER_SERVER_URI ?? "http://localhost:8000" }),
});

// After the instrumentations: they patch what is imported from now on.
const { default: Anthropic } = await import("@anthropic-ai/sdk");
anthropicInstrumentation.manuallyInstrument(Anthropic);
const { GoogleGenAI } = await import("@google/genai");
const anthropic = new Anthropic({ apiKey: process.env.ANTHROPIC_API_KEY ?? "unset" });
const google = new GoogleGenAI({
  apiKey: process.env.GEMINI_API_KEY ?? "unset",
  httpOptions: { baseUrl: process.env.GEMINI_BASE_URL },
});

function ask(question: string): Promise<string> {
  return withSpan("POST /ask", async () => {
    const message = await anthropic.messages.create({
      model: "claude-sonnet-4-5",
      max_tokens: 100,
      messages: [{ role: "user", content: question }],
    });
    const [part] = message.content;
    const first = part?.type === "text" ? part.text : "";
    const checked = await google.models.generateContent({
      model: "gemini-2.5-flash",
      contents: `Is this right? ${first}`,
    });
    const answer = `${first}, ${checked.text}`;
    insertOnSpan(queue, "answers", evalRecord({ context: { question, answer } }));
    return answer;
  });
}

const server = createServer((request, response) => {
  if (request.method !== "POST") {
    response.writeHead(404).end();
    return;
  }
  void Array.fromAsync(request).then(async (chunks) => {
    const { question } = JSON.parse(Buffer.concat(chunks).toString());
    response.end(JSON.stringify({ answer: await ask(question) }));
  });
});
server.listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
process.once("SIGTERM", () => void stop());

async function stop(): Promise<void> {
  server.close();
  await Promise.all([queue.shutdown(), tracing.shutdown()]);
  process.exit();
}
