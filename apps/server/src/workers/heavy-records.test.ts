import { taskBuckets, type JsonObject } from "@scouter/contracts";
import type { ClaimedEvalRecord } from "@scouter/database";
import { builtInVocabulary, vocabularyWith } from "@scouter/evaluate";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { beforeEach, describe, expect, it } from "vitest";
import { HeavyRecords } from "./heavy-records.ts";
import { MANY_TASKS, profileTasks } from "./profile-tasks.ts";

const task = { id: "t", operator: "Equals", expected_value: 1 };
const profileOf = (buckets: JsonObject): JsonObject => ({
  config: {},
  tasks: { assertion: [], judge: [], trace: [], agent: [], ...buckets },
});
const record = (contextText?: string) =>
  ({ profile: { uid: "p" }, contextText }) as unknown as ClaimedEvalRecord;
const many = Array.from({ length: MANY_TASKS }, (_, index) => ({ ...task, id: `t${index}` }));

let clock: ManualClock;
let heavy: HeavyRecords;
beforeEach(() => {
  clock = new ManualClock();
  heavy = new HeavyRecords(clock);
});

describe("HeavyRecords", async () => {
  const few = await profileTasks(profileOf({ assertion: [task] }), builtInVocabulary);

  it("are those with a long context, or of many tasks", async () => {
    const lots = await profileTasks(profileOf({ assertion: many }), builtInVocabulary);
    expect(heavy.has(record(), few)).toBe(false);
    expect(heavy.has(record("[]"), few)).toBe(true);
    expect(heavy.has(record(), lots)).toBe(true);
    expect(lots).toMatchObject({ assertionOnly: true, needsSpans: false, hasJudges: false });
    expect((await lots.compiled()).tasks).toHaveLength(MANY_TASKS);
  });

  it("are those of a profile that was slow twice, for a minute", async () => {
    heavy.learn("p", 19);
    heavy.learn("p", 20);
    await clock.advance(60_000);
    heavy.learn("p", 20);
    expect(heavy.has(record(), few)).toBe(false);
    heavy.learn("p", 20);
    await clock.advance(59_999);
    expect(heavy.has(record(), few)).toBe(true);
    await clock.advance(1);
    expect(heavy.has(record(), few)).toBe(false);
    heavy.learn("another", 500);
    expect(heavy.has(record(), few)).toBe(false);
  });

  it.each([
    [
      "judges",
      { judge: [{ ...task, prompt: { model: "m", provider: "openai", messages: "${a}" } }] },
    ],
    ["a task type of an app", { custom: [{ ...task, type: "Toy" }] }],
  ])("are none with %s: they stay on this thread", async (_what, buckets) => {
    const taskTypes = { Toy: { compile: () => () => 1 } };
    const tasks = await profileTasks(profileOf(buckets), vocabularyWith({ taskTypes }));
    heavy.learn("p", 500);
    heavy.learn("p", 500);
    expect(tasks.threadText).toBeUndefined();
    expect(heavy.has(record("[]"), tasks)).toBe(false);
  });

  it("are none where an app added operators", async () => {
    const operators = { IsEven: { arrays: "each" as const, prepare: () => () => true } };
    const tasks = await profileTasks(profileOf({ assertion: many }), vocabularyWith({ operators }));
    expect(heavy.has(record(), tasks)).toBe(false);
    expect(taskBuckets.parse(profileOf({ assertion: many })["tasks"]).assertion).toHaveLength(
      (await tasks.compiled()).tasks.length,
    );
  });
});
