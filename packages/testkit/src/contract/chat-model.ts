import { isScouterError, type ErrorKind } from "@scouter/contracts";
import type { ChatModel, ChatRequest } from "@scouter/evaluate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ModelReply } from "../model-server/model-reply.ts";

/** A model whose next answers the suite decides. */
export interface ChatModelSubject {
  readonly model: ChatModel;
  /** What happens to every request from now on. */
  readonly script: (reply: ModelReply) => void;
  /** Requests that reached the vendor (or would have). */
  readonly attempts: () => number;
  readonly untilAttempts: (count: number) => Promise<void>;
  /** Texts that must never show up in an error's message. */
  readonly secrets: readonly string[];
  /** The vendor's protocol has both counts in every answer. Default false: either may be missing. */
  readonly alwaysCounts?: boolean;
  readonly close: () => Promise<void>;
}

const PROMPT = "the-secret-prompt: how many legs has a spider";

const request: ChatRequest = {
  messages: [
    { role: "system", content: "Answer briefly." },
    { role: "user", content: PROMPT },
  ],
};

const structuredRequest: ChatRequest = {
  ...request,
  schema: {
    name: "legs",
    schema: {
      type: "object",
      properties: { legs: { type: "integer" } },
      required: ["legs"],
      additionalProperties: false,
    },
  },
};

const failures: readonly (readonly [name: string, reply: ModelReply, kind: ErrorKind])[] = [
  ["429", { kind: "failure", status: 429 }, "busy"],
  ["400", { kind: "failure", status: 400, errorMessage: PROMPT }, "invalid"],
  ["401", { kind: "failure", status: 401 }, "unauthorized"],
  ["403", { kind: "failure", status: 403 }, "unauthorized"],
  ["404", { kind: "failure", status: 404 }, "invalid"],
  ["408", { kind: "failure", status: 408 }, "timeout"],
  ["422", { kind: "failure", status: 422 }, "invalid"],
  ["500", { kind: "failure", status: 500, errorMessage: PROMPT }, "unavailable"],
  ["503", { kind: "failure", status: 503 }, "unavailable"],
  ["504", { kind: "failure", status: 504 }, "timeout"],
  ["a closed connection", { kind: "hang-up" }, "unavailable"],
  ["a page instead of an answer", { kind: "garbage", body: "<html>busy</html>" }, "unavailable"],
];

/** The port's contract; run it on every adapter. */
export function chatModelContract(
  name: string,
  makeSubject: () => Promise<ChatModelSubject>,
): void {
  describe(`ChatModel contract: ${name}`, () => {
    let subject: ChatModelSubject;
    beforeEach(async () => {
      subject = await makeSubject();
    });
    afterEach(() => subject.close());

    const rejection = async (asked: ChatRequest = request) => {
      const error: unknown = await subject.model.complete(asked).then(
        () => expect.unreachable("the call should reject"),
        (reason: unknown) => reason,
      );
      if (!isScouterError(error)) throw new Error("expected a ScouterError", { cause: error });
      return error;
    };

    it("answers with text, model, finish reason and the vendor's usage", async () => {
      subject.script({ kind: "answer", text: "Eight.", inputTokens: 21, outputTokens: 3 });
      const answer = await subject.model.complete(request);
      expect(answer).toMatchObject({
        text: "Eight.",
        finishReason: "stop",
        inputTokens: 21,
        outputTokens: 3,
      });
      expect(answer.model).not.toBe("");
      expect(answer.value).toBeUndefined();
    });

    it("leaves unknown counts undefined, where the protocol allows an answer without them", async () => {
      const counts = async (reply: ModelReply) => {
        subject.script(reply);
        const { inputTokens, outputTokens } = await subject.model.complete(request);
        return [inputTokens, outputTokens];
      };
      const none = await counts({ kind: "answer", text: "Eight." });
      const half = await counts({ kind: "answer", text: "Eight.", inputTokens: 21 });
      const counted: unknown = expect.any(Number);
      const missing = subject.alwaysCounts ? counted : undefined;
      expect(none).toEqual([missing, missing]);
      expect(half).toEqual([21, missing]);
    });

    it("says when an answer was cut", async () => {
      subject.script({ kind: "answer", text: "Eig", finishReason: "length" });
      expect((await subject.model.complete(request)).finishReason).toBe("length");
    });

    it("parses a structured answer", async () => {
      subject.script({ kind: "answer", text: '{"legs":8}', inputTokens: 30, outputTokens: 5 });
      const answer = await subject.model.complete(structuredRequest);
      expect(answer.value).toEqual({ legs: 8 });
      expect([answer.inputTokens, answer.outputTokens]).toEqual([30, 5]);
    });

    it.each([
      ["text", "Eight legs."],
      ["cut JSON", '{"legs":'],
      ["another type", "[8]"],
      ["nothing", ""],
    ])(
      "returns a structured answer that is %s without a value, with its counts",
      async (_what, text) => {
        subject.script({ kind: "answer", text, inputTokens: 30, outputTokens: 5 });
        const answer = await subject.model.complete(structuredRequest);
        expect(answer).toMatchObject({ text, inputTokens: 30, outputTokens: 5 });
        expect(answer.value).toBeUndefined();
      },
    );

    it.each(failures)("translates %s after one attempt", async (_name, reply, kind) => {
      subject.script(reply);
      const error = await rejection();
      expect(error.kind).toBe(kind);
      expect(subject.attempts()).toBe(1);
      for (const secret of [PROMPT, ...subject.secrets]) {
        expect(`${error.message} ${error.remedy}`).not.toContain(secret);
      }
    });

    it("hands on the vendor's pause", async () => {
      subject.script({ kind: "failure", status: 429, retryAfter: "7" });
      expect((await rejection()).retryAfterMs).toBe(7_000);
      subject.script({ kind: "failure", status: 429 });
      expect((await rejection()).retryAfterMs).toBeUndefined();
    });

    it("rejects with the signal's reason when aborted before the call, without an attempt", async () => {
      subject.script({ kind: "answer", text: "Eight." });
      const reason = new Error("stopped before");
      const call = subject.model.complete(request, { signal: AbortSignal.abort(reason) });
      await expect(call).rejects.toBe(reason);
      expect(subject.attempts()).toBe(0);
    });

    it("rejects with the signal's reason when aborted while waiting", async () => {
      subject.script({ kind: "silence" });
      const controller = new AbortController();
      const reason = { stopped: "while waiting" };
      const call = subject.model.complete(request, { signal: controller.signal });
      const abort = async () => {
        await subject.untilAttempts(1);
        controller.abort(reason);
      };
      await Promise.all([expect(call).rejects.toBe(reason), abort()]);
    });
  });
}
