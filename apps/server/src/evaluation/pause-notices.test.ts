import { ScouterError } from "@scouter/contracts";
import { judgeModels, type ChatModel, type PausableJudgeModels } from "@scouter/evaluate";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeDatabase } from "../../test/fake/fake-database.ts";
import { PauseNotices, PROVIDER_PAUSED_CHANNEL } from "./pause-notices.ts";

let database: FakeDatabase;
let clock: ManualClock;
let troubles: unknown[];
/** Calls that reached the provider, by process. */
let asked: string[];
/** The next answers of the provider; after them it answers well. */
let refusals: ScouterError[];
/** How many notices were sent. */
let sent: number;

const busy = (retryAfterMs: number) =>
  new ScouterError({ code: "TOY_BUSY", kind: "busy", message: "too many", retryAfterMs });

async function process(name: string) {
  const create = (model: string) =>
    ({
      provider: "toy",
      model,
      complete: async () => {
        asked.push(name);
        const refusal = refusals.shift();
        if (refusal !== undefined) throw refusal;
        return { text: "5", inputTokens: 1, outputTokens: 1 };
      },
    }) as unknown as ChatModel;
  const onTrouble = (error: unknown) => troubles.push(error);
  const notices = new PauseNotices({ database, processName: name, onTrouble });
  const models: PausableJudgeModels = judgeModels(
    clock,
    new Map([["toy", { create }]]),
    (...pause) => notices.asked(...pause),
  );
  await notices.start(models);
  return { notices, ask: () => models.get("toy", "m")!.complete({ messages: [] }) };
}

beforeEach(async () => {
  database = new FakeDatabase();
  clock = new ManualClock();
  [troubles, asked, refusals, sent] = [[], [], [], 0];
  await database.listen(PROVIDER_PAUSED_CHANNEL, () => (sent += 1));
});

describe("PauseNotices", () => {
  it("keep every process from asking a provider that asked one of them to wait", async () => {
    const [here, there] = [await process("here"), await process("there")];
    refusals = [busy(5_000)];
    await expect(here.ask()).rejects.toThrow("too many");
    const waiting = there.ask();
    await clock.untilSleeping(1);
    await clock.advance(4_999);
    expect(asked).toEqual(["here"]);
    await clock.advance(1);
    await waiting;
    expect(asked).toEqual(["here", "there"]);
  });

  it("are sent once for calls that were refused together, and not by those who were told", async () => {
    const [here, there] = [await process("here"), await process("there")];
    refusals = [busy(5_000), busy(5_000), busy(5_100)];
    await Promise.allSettled([here.ask(), here.ask(), here.ask()]);
    expect(sent).toBe(1);
    const waiting = there.ask();
    await clock.untilSleeping(1);
    await clock.advance(5_100);
    await waiting;
    expect(sent).toBe(1);
  });

  it("are not sent of a pause that is over before anybody hears of it", async () => {
    const here = await process("here");
    refusals = [busy(0), busy(250)];
    await Promise.allSettled([here.ask(), here.ask()]);
    expect(sent).toBe(0);
  });

  it.each([
    ["none, after a lost connection", ""],
    ["something else than JSON", "here toy 5000"],
    ["another shape", '{"from":"here","provider":"toy"}'],
    ["a time that is none", '{"from":"here","provider":"toy","ms":"long"}'],
    ["a time before now", '{"from":"here","provider":"toy","ms":-1}'],
    ["an unknown provider", '{"from":"here","provider":"constructor","ms":5000}'],
    ["its own", '{"from":"there","provider":"toy","ms":5000}'],
  ])("with a payload that is %s pause nobody", async (_what, payload) => {
    const there = await process("there");
    await database.sendNotice(PROVIDER_PAUSED_CHANNEL, payload);
    await there.ask();
    expect(asked).toEqual(["there"]);
    expect(troubles).toEqual([]);
  });

  it("pause nobody for longer than a minute", async () => {
    const there = await process("there");
    const payload = JSON.stringify({ from: "here", provider: "toy", ms: 86_400_000 });
    await database.sendNotice(PROVIDER_PAUSED_CHANNEL, payload);
    const waiting = there.ask();
    await clock.untilSleeping(1);
    await clock.advance(60_000);
    await waiting;
  });

  it("that cannot be sent or heard leave each process to itself", async () => {
    database.away = true;
    database.sendNotice = () => Promise.reject(new Error("away"));
    const here = await process("here");
    refusals = [busy(1_000)];
    await expect(here.ask()).rejects.toThrow("too many");
    await Promise.resolve();
    expect(troubles).toHaveLength(2);
    await here.notices.stop();
  });
});
