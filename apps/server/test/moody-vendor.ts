import { createHash } from "node:crypto";
import type { ModelReply } from "@scouter/testkit/model-server/model-reply";
import { startOpenAiModelServer } from "@scouter/testkit/model-server/openai-model-server";

export interface MoodyVendor {
  readonly url: string;
  /** Of all answers that it gave, good or bad: what it would bill. */
  tokens(): number;
  close(): Promise<void>;
}

const USAGE = { inputTokens: 12, outputTokens: 18 };

/**
 * A vendor as bad as they come: most questions are answered, some late, and the others are refused for a while, cut off,
 * answered with garbage, or never answered. The question decides, so two runs are treated alike.
 */
export async function startMoodyVendor(): Promise<MoodyVendor> {
  let tokens = 0;
  const billed = (reply: ModelReply): ModelReply => {
    if (reply.kind === "answer") tokens += (reply.inputTokens ?? 0) + (reply.outputTokens ?? 0);
    return reply;
  };
  const server = await startOpenAiModelServer({
    respond: async ({ body }) => {
      const digest = createHash("sha1").update(JSON.stringify(body.messages)).digest();
      const mood = (digest[0] ?? 0) % 20;
      if (mood === 0) return { kind: "silence" };
      if (mood === 1) return { kind: "failure", status: 429, retryAfter: "0" };
      if (mood === 2) return { kind: "failure", status: 503 };
      if (mood === 3) return { kind: "garbage", body: "<html>" };
      if (mood === 4) return { kind: "hang-up" };
      if (mood === 5) return billed({ kind: "answer", text: "not JSON", ...USAGE });
      if (mood === 6) {
        return billed({ kind: "answer", text: '{"sc', finishReason: "length", ...USAGE });
      }
      if (mood < 10) await new Promise((resolve) => setTimeout(resolve, 20 * mood));
      const score = 1 + ((digest[1] ?? 0) % 5);
      return billed({ kind: "answer", text: JSON.stringify({ score, reason: "as is" }), ...USAGE });
    },
  });
  return { url: server.url, tokens: () => tokens, close: () => server.close() };
}
