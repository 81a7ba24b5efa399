import { chatModelContract } from "../contract/chat-model.ts";
import type { ModelReply } from "../model-server/model-reply.ts";
import { ScriptedChatModel } from "./scripted-chat-model.ts";

chatModelContract("scripted", () => {
  let reply: ModelReply = { kind: "silence" };
  const model = new ScriptedChatModel({ respond: () => reply });
  return Promise.resolve({
    model,
    script: (next) => {
      reply = next;
    },
    attempts: () => model.requests.length,
    untilAttempts: (count) => model.untilRequests(count),
    secrets: [],
    close: () => Promise.resolve(),
  });
});
