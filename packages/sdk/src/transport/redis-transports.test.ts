import { gatedBroker } from "@scouter/testkit/broker/gated-broker";
import { onBroker } from "@scouter/testkit/broker/on-broker";
import { redis } from "@scouter/testkit/broker/redis-server";
import { tcpGate } from "@scouter/testkit/broker/tcp-gate";
import { transportContract } from "@scouter/testkit/contract/transport";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redisChannelTransport } from "./redis-channel-transport.ts";
import { redisStreamTransport } from "./redis-stream-transport.ts";
import type { OutgoingBatch, Transport } from "./transport.ts";

await onBroker("transports", redis, (broker) => {
  let client: Redis;
  beforeAll(() => {
    client = new Redis(broker.url, { protocol: 2 });
  });
  afterAll(() => {
    client.disconnect();
  });

  transportContract("redis stream", async () => {
    const stream = `stream-${crypto.randomUUID()}`;
    const gate = await tcpGate(broker);
    const transport = await redisStreamTransport({ url: through(gate), stream });
    await warmUp(transport);
    await client.del(stream);
    return {
      transport,
      farEnd: gatedBroker(gate, async () => {
        const entries = await client.xrangeBuffer(stream, "-", "+");
        return entries.map(([, fields]) => batchOfFields(fields));
      }),
      async dispose() {
        await gate.close();
        await transport.close();
      },
    };
  });

  transportContract(
    "redis channel",
    async () => {
      const channel = `channel-${crypto.randomUUID()}`;
      const subscriber = new Redis(broker.url, { protocol: 2 });
      const received: OutgoingBatch[] = [];
      subscriber.on("messageBuffer", (_channel: Buffer, body: Buffer) => {
        received.push({ body, itemCount: 1, producer: "", sequence: 0 });
      });
      await subscriber.subscribe(channel);
      const gate = await tcpGate(broker);
      const transport = await redisChannelTransport({ url: through(gate), channel });
      await warmUp(transport);
      const read = async () => {
        // What was published before this round trip has been handed over by its end.
        await subscriber.ping();
        return received;
      };
      await read();
      received.length = 0;
      return {
        transport,
        farEnd: gatedBroker(gate, read),
        async dispose() {
          subscriber.disconnect();
          await gate.close();
          await transport.close();
        },
      };
    },
    { carriesIdentity: false },
  );

  test("a channel without a listener is a retry: Redis keeps nothing", async () => {
    const transport = await redisChannelTransport({ url: broker.url, channel: "nobody" });
    expect(await transport.send(warmUpBatch)).toEqual({
      outcome: "retry",
      reason: "redis-channel: nobody listens on the channel",
    });
    await transport.close();
  });
});

test("a Redis that is not there is a retry that names the reason", async () => {
  const transport = await redisStreamTransport({ url: "redis://127.0.0.1:1", timeoutMs: 10_000 });
  expect(await transport.send(warmUpBatch)).toMatchObject({
    outcome: "retry",
    reason: expect.stringContaining("redis-stream: ") as string,
  });
  await transport.close();
});

const warmUpBatch = { body: Buffer.from("{}"), itemCount: 0, producer: "p", sequence: 0 };

async function warmUp(transport: Transport): Promise<void> {
  expect(await transport.send(warmUpBatch)).toMatchObject({ outcome: "acknowledged" });
}

function through(gate: { readonly port: number }): string {
  return `redis://127.0.0.1:${gate.port}`;
}

function batchOfFields(fields: readonly Buffer[]): OutgoingBatch {
  const [, body = Buffer.alloc(0), , producer, , sequence] = fields;
  return { body, itemCount: 1, producer: String(producer), sequence: Number(sequence) };
}
