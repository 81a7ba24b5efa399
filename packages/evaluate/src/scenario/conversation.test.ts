import { describe, expect, it } from "vitest";
import { suiteOf } from "../suite/read-suite.ts";
import { endsConversation, holdConversation, type UserReply } from "./conversation.ts";

async function hold(fields: object, replies: readonly (UserReply | string)[] = []) {
  const [scenario] = suiteOf([{ initial_query: "hello", ...fields }]).scenarios;
  if (scenario === undefined) throw new Error("no scenario");
  const asked: string[] = [];
  const histories: number[] = [];
  let simulated = 0;
  const held = await holdConversation(
    scenario,
    {
      agent: async (message, { history }) => {
        asked.push(message);
        histories.push(history.length);
        return `${message}!`;
      },
      user: async () => replies[simulated++] ?? "go on",
    },
    { seed: 1, repeat: 0, signal: new AbortController().signal },
  );
  return { ...held, asked, histories, simulated };
}

describe("holdConversation", () => {
  it("asks the query alone", async () => {
    expect(await hold({})).toMatchObject({ asked: ["hello"], response: "hello!", simulated: 0 });
  });

  it("plays the predefined turns and gives the last answer, with what was said before", async () => {
    const held = await hold({ predefined_turns: ["and then?", "why?"] });
    expect(held).toMatchObject({ asked: ["hello", "and then?", "why?"], response: "why?!" });
    expect(held.histories).toEqual([0, 1, 2]);
  });

  it("ends with the signal: agent and user speak twice", async () => {
    const held = await hold({ simulated_user_persona: "in a hurry", termination_signal: "DONE" }, [
      "more",
      "thanks, DONE.",
    ]);
    expect(held).toMatchObject({ asked: ["hello", "more"], simulated: 2 });
  });

  it("goes on without a signal to max_turns, and does not ask for a message that nobody answers", async () => {
    const held = await hold({ simulated_user_persona: "chatty", max_turns: 3 });
    expect(held).toMatchObject({ asked: ["hello", "go on", "go on"], simulated: 2 });
  });

  it("asks nobody with max_turns 0", async () => {
    const held = await hold({ simulated_user_persona: "silent", max_turns: 0 });
    expect(held).toMatchObject({ asked: [], simulated: 0, response: "" });
  });

  it("plays predefined turns before the simulated user speaks", async () => {
    const held = await hold({ simulated_user_persona: "p", predefined_turns: ["one"] }, [
      { message: "", done: true },
    ]);
    expect(held).toMatchObject({ asked: ["hello", "one"], simulated: 1 });
  });

  it("reads 25 predefined turns although max_turns is 10: no user takes part", async () => {
    const turns = Array.from({ length: 25 }, (_, index) => `turn ${index}`);
    expect((await hold({ predefined_turns: turns })).asked).toHaveLength(26);
  });
});

describe("endsConversation", () => {
  it.each<[UserReply, string | null, boolean]>([
    [{ message: "DONE" }, "DONE", true],
    [{ message: "Thanks, that is all. [DONE]" }, "[DONE]", true],
    [{ message: "Perfect!\nDONE\n" }, "DONE", true],
    [{ message: "I am not DONE with you yet" }, "DONE", false],
    [{ message: "ABANDONED" }, "DONE", false],
    [{ message: "done" }, "DONE", false],
    [{ message: "DONE" }, null, false],
    [{ message: "bye", done: true }, null, true],
  ])("%j with signal %j: %j", (reply, signal, expected) => {
    expect(endsConversation(reply, signal)).toBe(expected);
  });
});
