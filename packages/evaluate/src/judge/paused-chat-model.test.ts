import { ScouterError } from "@scouter/contracts";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { beforeEach, describe, expect, it } from "vitest";
import type { ChatModel } from "../port/chat-model.ts";
import { judgeModels, type JudgeModels } from "./judge-models.ts";

const busy = (retryAfterMs?: number) =>
  new ScouterError({
    code: "TOY_BUSY",
    kind: "busy",
    message: "too many",
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

let clock: ManualClock;
let asked: string[];
let answers: (ScouterError | "answer")[];
let models: JudgeModels;

beforeEach(() => {
  clock = new ManualClock();
  asked = [];
  answers = [];
  const create = (provider: string) => (model: string) =>
    ({
      provider,
      model,
      complete: async () => {
        asked.push(`${provider}/${model}`);
        const answer = answers.shift() ?? "answer";
        if (answer !== "answer") throw answer;
        return { text: "5", inputTokens: 1, outputTokens: 1 };
      },
    }) as unknown as ChatModel;
  models = judgeModels(
    clock,
    new Map([
      ["one", { create: create("one") }],
      ["two", { create: create("two") }],
    ]),
  );
});

const ask = (provider: string, model: string, signal?: AbortSignal) =>
  models.get(provider, model)!.complete({ messages: [] }, signal && { signal });

describe("a provider that asks for a pause", () => {
  it("is left alone by all its models, and nobody else is", async () => {
    answers = [busy(5_000)];
    await expect(ask("one", "a")).rejects.toMatchObject({ code: "TOY_BUSY" });
    const waiting = [ask("one", "a"), ask("one", "b")];
    await clock.untilSleeping(2);
    await ask("two", "a");
    expect(asked).toEqual(["one/a", "two/a"]);
    await clock.advance(4_999);
    expect(asked).toHaveLength(2);
    await clock.advance(1);
    await Promise.all(waiting);
    expect(asked).toEqual(["one/a", "two/a", "one/a", "one/b"]);
  });

  it.each([
    ["says for how long", 3_000, 3_000],
    ["asks for an hour, and gets a minute", 3_600_000, 60_000],
  ])("%s", async (_name, retryAfterMs, pausedMs) => {
    answers = [busy(retryAfterMs)];
    await expect(ask("one", "a")).rejects.toThrow("too many");
    const waiting = ask("one", "a");
    await clock.untilSleeping(1);
    await clock.advance(pausedMs - 1);
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    await waiting;
  });

  it.each([
    ["is busy without saying for how long", busy()],
    [
      "fails otherwise",
      new ScouterError({ code: "TOY", kind: "unavailable", message: "away", retryAfterMs: 9_000 }),
    ],
  ])("is asked at once when it %s", async (_name, error) => {
    answers = [error];
    await expect(ask("one", "a")).rejects.toBe(error);
    await ask("one", "a");
    expect(asked).toHaveLength(2);
  });

  it("keeps nobody who gave up", async () => {
    answers = [busy(5_000)];
    await expect(ask("one", "a")).rejects.toThrow("too many");
    const abort = new AbortController();
    const waiting = ask("one", "a", abort.signal);
    await clock.untilSleeping(1);
    abort.abort(new Error("not wanted"));
    await expect(waiting).rejects.toThrow("not wanted");
    expect(asked).toHaveLength(1);
  });
});
