import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { redisChannelTransport } from "@scouter/sdk";
import { onBroker } from "@scouter/testkit/broker/on-broker";
import { redis } from "@scouter/testkit/broker/redis-server";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { enterAs } from "@scouter/testkit/server-process/guest-fetch";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { afterEach, beforeEach, expect, it } from "vitest";
import { metricsMessage, registerMetrics, storedValues } from "./observed-values.ts";

const entry = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const admin = { username: "admin", password: "one subscriber in all" };
const LOOK_AGAIN_MS = 100;

await onPostgres("messages of a Redis channel", async (postgres) => {
  await onBroker("two servers", redis, (broker) => {
    let home: string;
    const running = new Set<ServerProcess>();
    beforeEach(async () => {
      home = await mkdtemp(join(tmpdir(), "scouter-channel-"));
    });
    afterEach(async () => {
      for (const server of running) await server.stop("SIGKILL");
      running.clear();
      await rm(home, { recursive: true, force: true });
    });

    it("store each message once, though it has no identity, and one takes over from the other", async () => {
      const databaseUri = await postgres.migratedDatabase();
      const channel = `channel-${crypto.randomUUID()}`;
      const start = async () => {
        const env = {
          DATABASE_URI: databaseUri,
          SCOUTER_DEFAULT_PASSWORD: admin.password,
          POLLING_WORKER_COUNT: "0",
          REDIS_ADDR: broker.url,
          REDIS_CHANNEL: channel,
        };
        const server = await startServerProcess({ entry, home, env });
        running.add(server);
        return server;
      };
      const first = await start();
      await enterAs(first.urls.http, admin);
      const profileUid = await registerMetrics(first.urls.http);
      const second = await start();
      const transport = await redisChannelTransport({ url: broker.url, channel });
      let sent = 0;
      /** Without a subscriber the transport says so, and nothing is lost. */
      const send = async (messages: number) => {
        for (let left = messages; left > 0; left -= 1) {
          const batch = { itemCount: 2, producer: "p", sequence: sent };
          const body = metricsMessage(profileUid, sent, 2);
          while ((await transport.send({ ...batch, body })).outcome !== "acknowledged") {
            await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
          }
          sent += 2;
        }
      };
      const allStored = async () => {
        while ((await storedValues(databaseUri)).distinct < sent) {
          await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
        }
      };
      await send(100);
      await allStored();
      for (const server of [first, second]) {
        // Whichever subscribes, one of the two kills hits it; what it was handed is stored by then.
        running.delete(server);
        await server.stop("SIGKILL");
        if (server === first) await send(100);
        else await start().then(() => send(100));
        await allStored();
      }
      expect(await storedValues(databaseUri)).toEqual({ rows: sent, distinct: sent });
      await transport.close();
    });
  });
});
