import { gatedBroker } from "@scouter/testkit/broker/gated-broker";
import { kafka } from "@scouter/testkit/broker/kafka-server";
import { onBroker } from "@scouter/testkit/broker/on-broker";
import { tcpGate } from "@scouter/testkit/broker/tcp-gate";
import { transportContract } from "@scouter/testkit/contract/transport";
import kafkajs, { type Admin, type IHeaders } from "kafkajs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kafkaTransport } from "./kafka-transport.ts";
import type { OutgoingBatch } from "./transport.ts";

const { Kafka, logLevel } = kafkajs;
const warmUpBatch = { body: Buffer.from("{}"), itemCount: 0, producer: "warm-up", sequence: 0 };

await onBroker("transport", kafka, (broker) => {
  const client = new Kafka({ brokers: [broker.url], logLevel: logLevel.NOTHING });
  let admin: Admin;
  beforeAll(async () => {
    admin = client.admin();
    await admin.connect();
  });
  afterAll(() => admin.disconnect());

  transportContract("kafka", async () => {
    const topic = `topic-${crypto.randomUUID()}`;
    const { gatePort = 0, behindPort = 0 } = broker.door ?? {};
    const gate = await tcpGate({ port: behindPort }, gatePort);
    // One partition, so that there is one order.
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
    const transport = await kafkaTransport({ brokers: [`127.0.0.1:${gatePort}`], topic });
    expect(await transport.send(warmUpBatch)).toMatchObject({ outcome: "acknowledged" });
    const received: OutgoingBatch[] = [];
    let seen = 0;
    const consumer = client.consumer({ groupId: topic });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message: { value, headers } }) => {
        const batch = batchOf(value ?? Buffer.alloc(0), headers);
        if (batch.producer !== warmUpBatch.producer) received.push(batch);
        seen += 1;
      },
    });
    const read = async () => {
      const [offsets] = await admin.fetchTopicOffsets(topic);
      while (seen < Number(offsets?.high)) await new Promise((resolve) => setTimeout(resolve, 10));
      return received;
    };
    return {
      transport,
      farEnd: gatedBroker(gate, read),
      async dispose() {
        await consumer.disconnect();
        await gate.close();
        await transport.close();
      },
    };
  });

  test("what the broker can never take has failed", async () => {
    const topic = "no such name!";
    const transport = await kafkaTransport({ brokers: [broker.url], topic });
    expect(await transport.send(warmUpBatch)).toMatchObject({
      outcome: "failed",
      code: "KAFKA_INVALID_TOPIC_EXCEPTION",
    });
    await transport.close();
  });
});

test("a Kafka that is not there is a retry", async () => {
  const transport = await kafkaTransport({ brokers: ["127.0.0.1:1"], timeoutMs: 20_000 });
  expect(await transport.send(warmUpBatch)).toMatchObject({ outcome: "retry" });
  await transport.close();
});

function batchOf(body: Buffer, headers: IHeaders | undefined): OutgoingBatch {
  const { "x-scouter-producer": producer, "x-scouter-sequence": sequence } = headers ?? {};
  return { body, itemCount: 1, producer: String(producer), sequence: Number(String(sequence)) };
}
