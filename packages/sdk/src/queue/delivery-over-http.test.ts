import type { FarEndStep } from "@scouter/testkit/contract/far-end";
import { messageServer } from "@scouter/testkit/contract/message-server";
import { expect, test } from "vitest";
import { evalRecord } from "../record/eval-record.ts";
import { httpTransport } from "../transport/http-transport.ts";
import type { OutgoingBatch } from "../transport/transport.ts";
import { accountedItems } from "./delivery-stats.ts";
import { ScouterQueue } from "./scouter-queue.ts";

test("over HTTP with lost replies and refusals, the counts are what the server holds", async () => {
  const server = await messageServer();
  const steps: readonly FarEndStep[] = [
    { kind: "lose-reply" },
    { kind: "busy", retryAfterMs: 1 },
    { kind: "garble-reply" },
    { kind: "unavailable" },
    { kind: "refuse", code: "TOO_BIG" },
    { kind: "reject-items", items: [{ index: 3, code: "BAD_ITEM", message: "" }] },
    { kind: "lose-reply" },
  ];
  server.script.prepare(...steps);
  const queue = new ScouterQueue({
    profiles: { answers: { uid: "entity-1" } },
    transport: httpTransport({ baseUrl: server.baseUrl, gzip: true }),
    retry: { firstPauseMs: 1 },
  });
  const uids = new Set<string>();
  for (let number = 0; number < 1_000; number += 1) {
    const item = evalRecord({ context: { number, text: "x".repeat(100) } });
    uids.add(item.uid);
    expect(queue.insert("answers", item)).toBe(true);
  }
  const { complete, stats } = await queue.shutdown({ timeoutMs: 50_000 });
  await server.close();

  expect(complete).toBe(true);
  expect(stats).toMatchObject({
    offered: 1_000,
    acknowledged: 974,
    rejected: { TOO_BIG: 25, BAD_ITEM: 1 },
  });
  expect(accountedItems(stats)).toBe(1_000);
  // A repeat brings the same number and the same bytes, so a server that keeps one per number holds each record once.
  const byNumber = Map.groupBy(server.script.received, (message) => message.sequence);
  const repeats = [...byNumber.values()].map((messages) => new Set(messages.map(textOf)).size);
  expect(repeats.every((distinctTexts) => distinctTexts === 1)).toBe(true);
  const kept = [...byNumber.values()].flatMap((messages) => uidsOf(messages[0]));
  expect(kept).toHaveLength(1_000);
  expect(new Set(kept)).toEqual(uids);
});

function textOf(message: OutgoingBatch): string {
  return Buffer.from(message.body).toString();
}

function uidsOf(message: OutgoingBatch | undefined): string[] {
  const text = message === undefined ? '{"records":[]}' : textOf(message);
  const { records } = JSON.parse(text) as { records: { AgentEval: { record: { uid: string } } }[] };
  return records.map((record) => record.AgentEval.record.uid);
}
