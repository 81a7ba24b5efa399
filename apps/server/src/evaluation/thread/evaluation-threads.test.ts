import { systemClock, taskBuckets, type Json } from "@scouter/contracts";
import { resultTexts } from "@scouter/database/result-texts";
import { compileTasks, evaluateRecord } from "@scouter/evaluate";
import { afterEach, describe, expect, it } from "vitest";
import { EvaluationThreads } from "./evaluation-threads.ts";
import type { EvaluationJob } from "./thread-message.ts";

const buckets = taskBuckets.parse({
  assertion: [
    {
      id: "gate",
      context_path: "answer",
      operator: "IsNotEmpty",
      expected_value: true,
      condition: true,
    },
    {
      id: "long",
      context_path: "answer",
      operator: "HasLengthGreaterThan",
      expected_value: 3,
      depends_on: ["gate"],
    },
    { id: "missing", context_path: "nothing.here", operator: "Equals", expected_value: 1 },
    { id: "pattern", context_path: "answer", operator: "Matches", expected_value: "^4+2$" },
  ],
  judge: [],
  trace: [
    { id: "spans", assertion: { TraceSpanCount: {} }, operator: "Equals", expected_value: 1 },
  ],
  agent: [],
});
const span = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  name: "ask",
  serviceName: "agent",
  startTimeMs: 1,
  endTimeMs: 2,
  status: "Ok" as const,
  attributes: {},
};

function jobOf(context: Json, more: Partial<EvaluationJob> = {}): EvaluationJob {
  return {
    profileUid: "profile",
    tasksText: JSON.stringify(buckets),
    contextText: JSON.stringify(context),
    recordUid: "record",
    entityId: 7,
    traceId: span.traceId,
    spans: [span],
    ...more,
  };
}

/** A module that ends its thread for one record, and never answers for another. */
const moody = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from "node:worker_threads";
    parentPort.on("message", ({ id, job }) => {
      if (job.recordUid === "deadly") process.exit(9);
      if (job.recordUid === "endless") for (;;);
      parentPort.postMessage({ id, results: { workflow: "{}", tasks: "[]", taskRows: 0 }, tookMs: 1, cpuMs: 1 });
    });`)}`,
);

let threads: EvaluationThreads;
afterEach(() => threads.close());

describe("EvaluationThreads", () => {
  it("come to the results that this thread comes to", async () => {
    threads = new EvaluationThreads({ size: 1 });
    const context = { answer: "4442" };
    const here = await evaluateRecord({
      tasks: compileTasks(buckets),
      context,
      recordUid: "record",
      entityUid: "profile",
      entityId: 7,
      traceId: span.traceId,
      ports: { clock: systemClock, spanSource: { spansOf: async () => [span] } },
    });
    const { results } = await threads.evaluate(jobOf(context));
    const timeless = (text: string) =>
      text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "now").replaceAll(/"duration_\w+":\d+/g, "");
    const wanted = resultTexts(here);
    expect(timeless(results.tasks)).toBe(timeless(wanted.tasks));
    expect(timeless(results.workflow)).toBe(timeless(wanted.workflow));
    expect(results.taskRows).toBe(5);
  });

  it("refuse tasks as this thread would", async () => {
    threads = new EvaluationThreads({ size: 1 });
    const broken = { ...buckets, assertion: [{ ...buckets.assertion[0], depends_on: ["nobody"] }] };
    const asked = threads.evaluate(jobOf({}, { tasksText: JSON.stringify(broken) }));
    await expect(asked).rejects.toMatchObject({ code: "EVALUATE_TASKS_INVALID", kind: "invalid" });
    await expect(threads.evaluate(jobOf({ answer: "42" }))).resolves.toMatchObject({});
  });

  it("lose one attempt, and no other record, when a thread ends", async () => {
    threads = new EvaluationThreads({ size: 1, module: moody });
    const uids = ["a", "deadly", "b", "c"];
    const ends = await Promise.allSettled(
      uids.map((recordUid) => threads.evaluate(jobOf({}, { recordUid }))),
    );
    expect(ends.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
    const lost = ends[1] as PromiseRejectedResult;
    expect(lost.reason).toMatchObject({
      code: "SERVER_EVALUATION_THREAD_ENDED",
      kind: "unavailable",
    });
  });

  it("stop what was given up, under way or waiting, and go on with the rest", async () => {
    threads = new EvaluationThreads({ size: 1, module: moody });
    const [first, second] = [new AbortController(), new AbortController()];
    const underWay = threads.evaluate(jobOf({}, { recordUid: "endless" }), first.signal);
    const waiting = threads.evaluate(jobOf({}), second.signal);
    const last = threads.evaluate(jobOf({}));
    second.abort(new Error("not wanted"));
    await expect(waiting).rejects.toThrow("not wanted");
    first.abort(new Error("out of time"));
    await expect(underWay).rejects.toThrow("out of time");
    await expect(last).resolves.toMatchObject({ results: { taskRows: 0 } });
  });

  it("let work pile up so far and no further", async () => {
    threads = new EvaluationThreads({ size: 1, module: moody });
    const abort = new AbortController();
    const underWay = [
      threads.evaluate(jobOf({}, { recordUid: "endless" }), abort.signal),
      threads.evaluate(jobOf({})),
      threads.evaluate(jobOf({})),
    ];
    let hasRoom = false;
    const room = threads.untilRoom().then(() => (hasRoom = true));
    await Promise.resolve();
    expect(hasRoom).toBe(false);
    abort.abort();
    await room;
    await Promise.allSettled(underWay);
    await threads.untilRoom();
  });

  it("refuse work after their end, and let what waits go", async () => {
    threads = new EvaluationThreads({ size: 1, module: moody });
    const asked = [
      threads.evaluate(jobOf({}, { recordUid: "endless" })),
      threads.evaluate(jobOf({})),
    ];
    const ends = Promise.allSettled(asked);
    await threads.close();
    expect((await ends).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(threads.evaluate(jobOf({}))).rejects.toMatchObject({ code: "SERVER_STOPPING" });
  });
});
