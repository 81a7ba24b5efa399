import { OpenTelemetry } from "@ai-sdk/otel";
import { registerTelemetry } from "ai";

/** Next.js calls it once, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { scouterTracing } = await import("@scouter/sdk/tracing");
  await scouterTracing({
    serviceName: "nextjs-ai-sdk",
    endpoint: process.env.SCOUTER_OTLP_URI ?? "http://localhost:4318/v1/traces",
  });
  registerTelemetry(new OpenTelemetry());
}
