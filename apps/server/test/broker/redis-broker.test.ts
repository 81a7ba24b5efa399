import { redisStreamTransport } from "@scouter/sdk";
import { onBroker } from "@scouter/testkit/broker/on-broker";
import { redis } from "@scouter/testkit/broker/redis-server";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { Redis } from "ioredis";
import { brokerContract } from "./broker-contract.ts";

await onPostgres("messages of Redis", async (postgres) => {
  await onBroker("a stream", redis, (broker) => {
    brokerContract(broker, postgres, {
      serverEnv: (place) => ({
        REDIS_ADDR: broker.url,
        REDIS_CHANNEL: place,
        SCOUTER_REDIS_CLAIM_SECS: "2",
      }),
      transport: (place) => redisStreamTransport({ url: broker.url, stream: place }),
      publish: (place, body) =>
        withClient(
          broker.url,
          async (client) => void (await client.xadd(place, "*", "body", body)),
        ),
      unfinished: (place) => withClient(broker.url, (client) => client.xlen(place)),
    });
  });
});

async function withClient<Result>(
  url: string,
  work: (client: Redis) => Promise<Result>,
): Promise<Result> {
  const client = new Redis(url, { protocol: 2 });
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}
