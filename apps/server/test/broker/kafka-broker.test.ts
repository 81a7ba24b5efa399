import { kafkaTransport } from "@scouter/sdk";
import { kafka } from "@scouter/testkit/broker/kafka-server";
import { onBroker } from "@scouter/testkit/broker/on-broker";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import kafkajs, { type Producer } from "kafkajs";
import { brokerContract } from "./broker-contract.ts";

const { Kafka, logLevel, Partitioners } = kafkajs;

await onPostgres("messages of Kafka", async (postgres) => {
  await onBroker("a topic", kafka, (broker) => {
    const client = new Kafka({ brokers: [broker.url], logLevel: logLevel.NOTHING });
    brokerContract(broker, postgres, {
      serverEnv: (place) => ({
        KAFKA_BROKERS: broker.url,
        KAFKA_TOPIC: place,
        KAFKA_GROUP: `group-of-${place}`,
      }),
      transport: (place) => kafkaTransport({ brokers: [broker.url], topic: place }),
      async publish(place, body) {
        await withProducer(
          client.producer({ createPartitioner: Partitioners.DefaultPartitioner }),
          (producer) => producer.send({ topic: place, acks: -1, messages: [{ value: body }] }),
        );
      },
      unfinished: async (place) => {
        const admin = client.admin();
        await admin.connect();
        try {
          const ends = await admin.fetchTopicOffsets(place);
          const [committed] = await admin.fetchOffsets({
            groupId: `group-of-${place}`,
            topics: [place],
          });
          const doneOf = (partition: number) =>
            Number(committed?.partitions.find((row) => row.partition === partition)?.offset ?? 0);
          return ends
            .map(({ partition, high }) => Number(high) - Math.max(0, doneOf(partition)))
            .reduce((sum, left) => sum + left, 0);
        } finally {
          await admin.disconnect();
        }
      },
    });
  });
});

async function withProducer(
  producer: Producer,
  work: (producer: Producer) => Promise<unknown>,
): Promise<void> {
  await producer.connect();
  await work(producer);
  await producer.disconnect();
}
