import { rabbitmqTransport } from "@scouter/sdk";
import { onBroker } from "@scouter/testkit/broker/on-broker";
import { rabbitmq } from "@scouter/testkit/broker/rabbitmq-server";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { Connection } from "rabbitmq-client";
import { brokerContract } from "./broker-contract.ts";

await onPostgres("messages of RabbitMQ", async (postgres) => {
  await onBroker("a queue", rabbitmq, (broker) => {
    brokerContract(broker, postgres, {
      serverEnv: (place) => ({ RABBITMQ_ADDR: broker.url, RABBITMQ_QUEUE: place }),
      transport: (place) => rabbitmqTransport({ url: broker.url, queue: place }),
      publish: (place, body) =>
        withConnection(broker.url, async (connection) => {
          const publisher = connection.createPublisher({
            confirm: true,
            queues: [{ queue: place, durable: true }],
          });
          await publisher.send({ routingKey: place, durable: true }, body);
          await publisher.close();
        }),
    });
  });
});

async function withConnection<Result>(
  url: string,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = new Connection(url);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
