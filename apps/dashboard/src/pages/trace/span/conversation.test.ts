import type { GenAiMessage } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { conversationOf } from "./conversation.ts";

function message(role: string, rest: Partial<GenAiMessage> = {}): GenAiMessage {
  return { role, text: null, tool_calls: [], tool_call_id: null, finish_reason: null, ...rest };
}
const call = (id: string | null, name = "look_up") => ({ id, name, arguments: {} });

/** `role(call=answer ...)` for each turn. */
function shortly(input: readonly GenAiMessage[], output: readonly GenAiMessage[] = []) {
  return conversationOf(input, output).map(({ message: { role }, exchanges, isOutput }) => {
    const pairs = exchanges.map(({ call: { name }, answer }) => `${name}=${answer?.text ?? "?"}`);
    return `${role}(${pairs.join(" ")})${isOutput ? "!" : ""}`;
  });
}

describe("conversationOf", () => {
  it("pairs calls with answers by id, in whatever order they come", () => {
    const asked = message("assistant", { tool_calls: [call("1", "a"), call("2", "b")] });
    const two = message("tool", { tool_call_id: "2", text: "second" });
    const one = message("tool", { tool_call_id: "1", text: "first" });
    expect(shortly([message("user"), asked, two, one], [message("assistant")])).toEqual([
      "user()",
      "assistant(a=first b=second)",
      "assistant()!",
    ]);
  });

  it("pairs by order where there are no ids", () => {
    const asked = message("assistant", { tool_calls: [call(null, "a"), call(null, "b")] });
    const answers = [message("tool", { text: "first" }), message("tool", { text: "second" })];
    expect(shortly([asked, ...answers])).toEqual(["assistant(a=first b=second)"]);
  });

  it("takes the nearest call when an id comes twice", () => {
    const asked = message("assistant", { tool_calls: [call("1", "a")] });
    const answer = message("tool", { tool_call_id: "1", text: "late" });
    expect(shortly([asked, asked, answer])).toEqual(["assistant(a=?)", "assistant(a=late)"]);
  });

  it("shows an answer without a call, and a call without an answer", () => {
    const answer = message("tool", { tool_call_id: "9", text: "lost" });
    const asked = message("assistant", { tool_calls: [call("1", "a")] });
    expect(shortly([answer], [asked])).toEqual(["tool()", "assistant(a=?)!"]);
  });
});
