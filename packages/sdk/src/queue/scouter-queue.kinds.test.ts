import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { expect, test } from "vitest";
import { evalRecord } from "../record/eval-record.ts";
import { features, metrics } from "../record/observed-row.ts";
import { memoryTransport } from "../transport/memory-transport.ts";
import { accountedItems } from "./delivery-stats.ts";
import {
  customProfileFixture,
  psiProfileFixture,
  spcProfileFixture,
} from "./kind/watching-profiles.fixture.ts";
import { ScouterQueue } from "./scouter-queue.ts";

function queueOf(script: Parameters<typeof memoryTransport>[0] = {}) {
  const transport = memoryTransport(script);
  const clock = new ManualClock();
  const dropped: string[] = [];
  const queue = new ScouterQueue({
    profiles: {
      agent: { uid: "e1" },
      chart: { uid: "e2", watches: spcProfileFixture(3) },
      bins: { uid: "e3", watches: psiProfileFixture() },
      metric: { uid: "e4", watches: customProfileFixture(2) },
    },
    transport,
    clock,
    publishIntervalMs: 30_000,
    onDrop: ({ alias, detail }) => dropped.push(`${alias}: ${detail}`),
  });
  return { transport, clock, dropped, queue };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("each kind is sent by its own size, and what is left by the timer", async () => {
  const { transport, clock, queue } = queueOf();
  for (const speed of [1, 2, 3, 4]) queue.insert("chart", features({ speed }));
  for (const mae of [1, 2, 3]) queue.insert("metric", metrics({ mae }));
  for (const speed of [1, 2]) queue.insert("bins", features({ speed }));
  while (transport.sent.length < 2) await turn();
  await turn();
  expect(transport.sent.map(({ itemCount }) => itemCount)).toEqual([1, 1]);
  expect(queue.stats()).toMatchObject({ acknowledged: 5, pending: 4 });
  await clock.advance(30_000);
  while (transport.sent.length < 5) await turn();
  await turn();
  expect(queue.stats()).toMatchObject({ offered: 9, acknowledged: 9 });
  await queue.shutdown();
});

test("an alias refuses what its profile does not watch", async () => {
  const { dropped, queue } = queueOf();
  expect(queue.insert("agent", features({ speed: 1 }))).toBe(false);
  expect(queue.insert("chart", evalRecord({ context: 1 }))).toBe(false);
  expect(queue.insert("metric", () => features({ mae: 1 }))).toBe(false);
  expect(queue.stats().dropped.invalid).toBe(3);
  expect(dropped[0]).toBe("agent: not what the alias takes: expected an item of the kind 'eval'");
  await queue.shutdown();
});

test("rows whose records were refused are rejected together, by the first code", async () => {
  const refused = { index: 0, code: "SERIES_UNKNOWN", message: "" };
  const { queue } = queueOf({ script: [{ outcome: "acknowledged", rejected: [refused] }] });
  for (const speed of [1, 2, 3]) queue.insert("chart", features({ speed }));
  const { stats } = await queue.shutdown();
  expect(stats).toMatchObject({ acknowledged: 0, rejected: { SERIES_UNKNOWN: 3 } });
  expect(accountedItems(stats)).toBe(stats.offered);
});

test("batches tell what their producer counted so far", async () => {
  const transport = memoryTransport();
  const queue = new ScouterQueue({
    profiles: { agent: { uid: "e1", sampleRatio: 0.5 } },
    transport,
    service: "check out & co",
    random: () => 0.4,
  });
  for (let count = 0; count < 3; count += 1) queue.insert("agent", evalRecord({ context: count }));
  queue.insert("nobody", evalRecord({ context: 1 }));
  await queue.shutdown();
  const told = new URLSearchParams(transport.sent[0]?.delivery);
  expect(Object.fromEntries(told)).toEqual({
    service: "check out & co",
    offered: "4",
    sampled: "0",
    full: "0",
    invalid: "1",
    closed: "0",
  });
});
