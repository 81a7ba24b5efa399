import { readFileSync } from "node:fs";
import Fastify from "fastify";
import { features, httpTransport, ScouterQueue } from "@scouter/sdk";
import { scouterTracing, withSpan } from "@scouter/sdk/tracing";

const tracing = await scouterTracing({
  serviceName: "fastify-psi",
  endpoint: process.env.SCOUTER_OTLP_URI ?? "http://localhost:4318/v1/traces",
});
const profile = JSON.parse(readFileSync(new URL("profile.json", import.meta.url), "utf8"));
const queue = new ScouterQueue({
  // With the profile the queue counts bins in the process: a thousand predictions are a handful of numbers.
  profiles: { model: { uid: process.env.SCOUTER_PROFILE_UID ?? "", watches: profile } },
  transport: httpTransport({ baseUrl: process.env.SCOUTER_SERVER_URI ?? "http://localhost:8000" }),
});

const app = Fastify();
app.post<{ Body: { distance_km: number } }>("/predict", (request) =>
  withSpan("predict", { input: request.body, captureOutput: true }, () => {
    queue.insert("model", features(request.body));
    return { minutes: 10 + 4 * request.body.distance_km };
  }),
);
app.addHook("onClose", async () => {
  await Promise.all([queue.shutdown(), tracing.shutdown()]);
});

await app.listen({ port: Number(process.env.PORT ?? 3000), host: "127.0.0.1" });
process.once("SIGTERM", () => void app.close());
