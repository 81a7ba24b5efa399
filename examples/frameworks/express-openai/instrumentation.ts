// Loaded before the app (`node --import ./instrumentation.ts`), so that its libraries are patched when it imports them.
import { register } from "node:module";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { OpenAIInstrumentation } from "@opentelemetry/instrumentation-openai";
import { scouterTracing } from "@scouter/sdk/tracing";

register("@opentelemetry/instrumentation/hook.mjs", import.meta.url);

export const tracing = await scouterTracing({
  serviceName: "express-openai",
  endpoint: process.env.SCOUTER_OTLP_URI ?? "http://localhost:4318/v1/traces",
  instrumentations: [new HttpInstrumentation(), new OpenAIInstrumentation()],
});
