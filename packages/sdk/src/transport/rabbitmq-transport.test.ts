import { gatedBroker } from "@scouter/testkit/broker/gated-broker";
import { onBroker } from "@scouter/testkit/broker/on-broker";
import { rabbitmq } from "@scouter/testkit/broker/rabbitmq-server";
import { tcpGate } from "@scouter/testkit/broker/tcp-gate";
import { transportContract } from "@scouter/testkit/contract/transport";
import { Connection } from "rabbitmq-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rabbitmqTransport } from "./rabbitmq-transport.ts";
import type { OutgoingBatch } from "./transport.ts";

const MARK = "everything before this was read";
const warmUpBatch = { body: Buffer.from("{}"), itemCount: 0, producer: "p", sequence: 0 };

await onBroker("transport", rabbitmq, (broker) => {
  let reader: Connection;
  beforeAll(() => {
    reader = new Connection(broker.url);
  });
  afterAll(() => reader.close());

  transportContract("rabbitmq", async () => {
    const queue = `queue-${crypto.randomUUID()}`;
    const gate = await tcpGate(broker);
    const url = `amqp://guest:guest@127.0.0.1:${gate.port}`;
    const transport = await rabbitmqTransport({ url, queue });
    expect(await transport.send(warmUpBatch)).toMatchObject({ outcome: "acknowledged" });
    await reader.queuePurge(queue);
    const received: OutgoingBatch[] = [];
    const marker = reader.createPublisher({ confirm: true });
    let marked = Promise.withResolvers<void>();
    const consumer = reader.createConsumer(
      { queue, queueOptions: { durable: true }, noAck: true },
      (message) => {
        if (message.body === MARK) return marked.resolve();
        const { "x-scouter-producer": producer, "x-scouter-sequence": sequence } =
          message.headers ?? {};
        const body = message.body as unknown;
        received.push({
          body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
          itemCount: 1,
          producer: String(producer),
          sequence: Number(sequence),
        });
      },
    );
    const read = async () => {
      // The queue keeps its order: what was there before the mark has been handed over when it comes.
      marked = Promise.withResolvers<void>();
      await marker.send(queue, MARK);
      await marked.promise;
      return received;
    };
    return {
      transport,
      farEnd: gatedBroker(gate, read),
      async dispose() {
        await consumer.close();
        await marker.close();
        await gate.close();
        await transport.close();
      },
    };
  });
});

test("a RabbitMQ that is not there is a retry", async () => {
  const transport = await rabbitmqTransport({ url: "amqp://127.0.0.1:1", timeoutMs: 200 });
  expect(await transport.send(warmUpBatch)).toMatchObject({ outcome: "retry" });
  await transport.close();
});
