import { FarEndScript, type FarEndStep } from "@scouter/testkit/contract/far-end";
import {
  answeringTransportContract,
  transportContract,
  type MakeTransportSubject,
} from "@scouter/testkit/contract/transport";
import { expect, test } from "vitest";
import { memoryTransport, type MemoryStep } from "./memory-transport.ts";
import type { SendResult } from "./transport.ts";

const SENDS_PER_TEST = 4;

const makeSubject: MakeTransportSubject = () => {
  const farEnd = new FarEndScript();
  const step: MemoryStep = (batch) => resultOf(farEnd.next(batch));
  const script = Array.from({ length: SENDS_PER_TEST }, () => step);
  return { transport: memoryTransport({ script }), farEnd, dispose: async () => {} };
};
transportContract("memory", makeSubject);
answeringTransportContract("memory", makeSubject);

test("keeps what was sent, and acknowledges after its script", async () => {
  const batch = { body: Buffer.from("{}"), itemCount: 0, producer: "p", sequence: 1 };
  const transport = memoryTransport({ script: [{ outcome: "retry", reason: "once" }] });
  expect(await transport.send(batch)).toEqual({ outcome: "retry", reason: "once" });
  expect(await transport.send(batch)).toEqual({ outcome: "acknowledged", rejected: [] });
  expect(transport.sent).toEqual([batch, batch]);
});

function resultOf(step: FarEndStep): SendResult | Promise<SendResult> {
  const acknowledged: SendResult = { outcome: "acknowledged", rejected: [] };
  switch (step.kind) {
    case "store":
      return acknowledged;
    case "wait":
      return step.until.then(() => acknowledged);
    case "reject-items":
      return { outcome: "acknowledged", rejected: step.items };
    case "busy":
      return { outcome: "retry", reason: "busy", retryAfterMs: step.retryAfterMs };
    case "refuse":
      return { outcome: "failed", code: step.code, reason: "refused" };
    case "unavailable":
    case "lose-reply":
    case "garble-reply":
      return { outcome: "retry", reason: step.kind };
  }
}
