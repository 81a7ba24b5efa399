import { describe, expect, it } from "vitest";
import { runGraph, type GraphRun } from "./run-graph.ts";

/** A graph whose work ends when the test says so. */
function controlled(parents: readonly (readonly number[])[], concurrency: number) {
  const children = parents.map((_, at) =>
    [...parents.keys()].filter((child) => parents[child]?.includes(at)),
  );
  const started: number[] = [];
  const work = parents.map(() => Promise.withResolvers<void>());
  const run = (more: Partial<GraphRun> = {}) =>
    runGraph({
      parents,
      children,
      concurrency,
      start: (position) => {
        started.push(position);
        return work[position]?.promise;
      },
      ...more,
    });
  const end = async (position: number) => {
    work[position]?.resolve();
    await settled();
  };
  return { started, work, run, end };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("runGraph", () => {
  it("starts a node when its own parents are done, without waiting for a whole stage", async () => {
    const graph = controlled([[], [], [0], [1, 2]], 10);
    const done = graph.run();
    expect(graph.started).toEqual([0, 1]);
    await graph.end(0);
    expect(graph.started).toEqual([0, 1, 2]);
    await graph.end(2);
    expect(graph.started).toEqual([0, 1, 2]);
    await graph.end(1);
    expect(graph.started).toEqual([0, 1, 2, 3]);
    await graph.end(3);
    await done;
  });

  it("keeps within its concurrency", async () => {
    const graph = controlled([[], [], [], []], 2);
    const done = graph.run();
    expect(graph.started).toEqual([0, 1]);
    await graph.end(1);
    expect(graph.started).toEqual([0, 1, 2]);
    await graph.end(0);
    expect(graph.started).toEqual([0, 1, 2, 3]);
    await graph.end(2);
    await graph.end(3);
    await done;
  });

  it("does work that returns no promise at once, beside the limit", async () => {
    const order: number[] = [];
    const parents = Array.from({ length: 20_000 }, (_, at) => (at === 0 ? [] : [at - 1]));
    const children = parents.map((_, at) => (at + 1 < parents.length ? [at + 1] : []));
    await runGraph({
      parents,
      children,
      concurrency: 1,
      start: (position) => void order.push(position),
    });
    expect(order).toHaveLength(20_000);
    expect(order.at(-1)).toBe(19_999);
  });

  it("rejects with the signal's reason and starts nothing more", async () => {
    const graph = controlled([[], [0]], 1);
    const controller = new AbortController();
    const done = graph.run({ signal: controller.signal });
    const reason = { why: "shutdown" };
    controller.abort(reason);
    await expect(done).rejects.toBe(reason);
    await graph.end(0);
    expect(graph.started).toEqual([0]);
  });

  it("starts nothing when aborted before", async () => {
    const graph = controlled([[]], 1);
    await expect(graph.run({ signal: AbortSignal.abort("before") })).rejects.toBe("before");
    expect(graph.started).toEqual([]);
  });

  it.each([
    ["rejects", () => Promise.reject(new Error("broken"))],
    [
      "throws",
      () => {
        throw new Error("broken");
      },
    ],
  ])("rejects when a start %s", async (_how, start) => {
    await expect(controlled([[], []], 1).run({ start })).rejects.toThrow("broken");
  });

  it("ends at once without nodes", async () => {
    await expect(controlled([], 1).run()).resolves.toBeUndefined();
  });
});
