import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import {
  startOpenAiModelServer,
  type OpenAiModelServer,
} from "@scouter/testkit/model-server/openai-model-server";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registerProfile } from "../agent-profile.ts";
import { startApp } from "./app-process.ts";
import { preparedFolder } from "./prepared.ts";

const entry = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const next = join("node_modules", "next", "dist", "bin", "next");

let home: string;
let server: ServerProcess;
let model: OpenAiModelServer;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "scouter-frameworks-"));
  server = await startServerProcess({ entry, home });
  model = await startOpenAiModelServer({
    respond: () => ({ kind: "answer", text: "Paris", inputTokens: 11, outputTokens: 2 }),
  });
});
afterAll(async () => {
  await model.close();
  await server.stop("SIGTERM");
  await rm(home, { recursive: true, force: true });
});

/** Asks until the answer holds; a test's own limit ends it. */
async function untilReply<Reply>(path: string, holds: (reply: Reply) => boolean): Promise<Reply> {
  for (;;) {
    const reply = await guestFetch(`${server.urls.http}${path}`);
    if (reply.ok) {
      const body = (await reply.json()) as Reply;
      if (holds(body)) return body;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface RecordPage {
  readonly items: readonly {
    readonly uid: string;
    readonly status: string;
    readonly trace_id: string;
  }[];
}
interface SpanList {
  readonly spans: readonly {
    readonly span_name: string;
    readonly service_name: string;
    readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
  }[];
}

describe("an app that asks a model", () => {
  it.each([
    ["express-openai", ["--import", "./instrumentation.ts", "app.ts"], "POST"],
    ["hono", ["app.ts"], "POST /ask"],
    ["nestjs", ["--import", "tsx", "main.ts"], "POST /ask"],
    ["nextjs-ai-sdk", [next, "start", "--hostname", "127.0.0.1"], "POST /ask"],
  ])("%s: its trace is stored and its record evaluated", async (name, parameters, rootSpan) => {
    const profileUid = await registerProfile(server.urls.http, name, {
      assertion: [
        {
          id: "names_paris",
          context_path: "answer",
          operator: "Contains",
          expected_value: "Paris",
        },
      ],
    });
    const app = await startApp(preparedFolder(name), parameters, {
      SCOUTER_SERVER_URI: server.urls.http,
      SCOUTER_OTLP_URI: `${server.urls.otlpHttp}/v1/traces`,
      SCOUTER_PROFILE_UID: profileUid,
      OPENAI_API_KEY: "test",
      OPENAI_BASE_URL: model.url,
      NEXT_TELEMETRY_DISABLED: "1",
    });
    const reply = await fetch(`${app.url}/ask`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ question: "Where is the Louvre?" }),
    });
    expect(await reply.json()).toEqual({ answer: "Paris" });
    // Next.js has no hook for its end: there, records and spans come within a second, while it runs.
    if (name !== "nextjs-ai-sdk") await app.stop();

    const page = await untilReply<RecordPage>(
      `/scouter/v2/evaluations/records?uid=${profileUid}`,
      ({ items }) => items[0]?.status === "Processed",
    );
    expect(page.items).toHaveLength(1);
    const [record] = page.items;
    const spans = await untilReply<SpanList>(
      `/scouter/trace/spans?trace_id=${record?.trace_id}`,
      ({ spans }) => spans.some((span) => span.span_name === rootSpan),
    );
    const attributes = spans.spans.flatMap((span) => span.attributes);
    expect(new Set(spans.spans.map((span) => span.service_name))).toEqual(new Set([name]));
    expect(attributes).toContainEqual({ key: "gen_ai.request.model", value: "gpt-4o-mini" });
    expect(attributes).toContainEqual({ key: "gen_ai.usage.input_tokens", value: 11 });
    if (name === "nextjs-ai-sdk") await app.stop();
  });
});
