import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Transport } from "@scouter/sdk";
import type { BrokerProcess } from "@scouter/testkit/broker/broker-process";
import type { TestPostgres } from "@scouter/testkit/postgres/test-postgres";
import { enterAs, guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startBrokerLoad, type BrokerLoad } from "./broker-load.ts";
import { metricsMessage, registerMetrics, storedValues } from "./observed-values.ts";

/** What differs between brokers. */
export interface BrokerSubject {
  /** Environment of a server that takes messages of this broker from the place of that name. */
  serverEnv(place: string): Readonly<Record<string, string>>;
  transport(place: string): Promise<Transport>;
  /** Sends a message as a client does that knows nothing of identities; resolves when the broker has it. */
  publish(place: string, body: Buffer): Promise<void>;
  /** Messages in the broker that nobody finished; undefined where the broker cannot say. */
  unfinished?(place: string): Promise<number>;
}

const entry = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const admin = { username: "admin", password: "one message, stored once" };
const LOOK_AGAIN_MS = 100;
/** The short form belongs to every check; `npm run chaos -- broker` runs the long one. */
const rounds = process.env["SCOUTER_CHAOS_ROUNDS"];
const RECORDS = rounds === undefined ? 2_500 : 100_000;
const RESTARTS = Number(rounds ?? 1);

/** What holds for messages of every broker that keeps them: whatever dies, each is stored once. */
export function brokerContract(
  broker: BrokerProcess,
  postgres: TestPostgres,
  subject: BrokerSubject,
): void {
  let home: string;
  let databaseUri: string;
  let place: string;
  let transport: Transport;
  const running = new Set<ServerProcess>();

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "scouter-broker-"));
    databaseUri = await postgres.migratedDatabase();
    place = `scouter-${crypto.randomUUID()}`;
    transport = await subject.transport(place);
  });
  afterEach(async () => {
    await transport.close();
    for (const server of running) await server.stop("SIGKILL");
    running.clear();
    await rm(home, { recursive: true, force: true });
  });

  async function start(): Promise<ServerProcess> {
    const env = {
      DATABASE_URI: databaseUri,
      MAX_POOL_SIZE: "5",
      SCOUTER_DEFAULT_PASSWORD: admin.password,
      POLLING_WORKER_COUNT: "0",
      ...subject.serverEnv(place),
    };
    const server = await startServerProcess({ entry, home, env });
    running.add(server);
    await enterAs(server.urls.http, admin);
    return server;
  }

  async function kill(server: ServerProcess): Promise<void> {
    running.delete(server);
    await server.stop("SIGKILL");
  }

  async function expectAllOnce(records: number): Promise<void> {
    await until(async () => (await storedValues(databaseUri)).distinct >= records);
    // What the broker delivers once more has to come before the count can be believed.
    if (subject.unfinished !== undefined) {
      await until(async () => (await subject.unfinished?.(place)) === 0);
    }
    let stored = await storedValues(databaseUri);
    // While the day of these rows gets a part of its own, a read that began before may miss them.
    while (stored.rows < records) stored = await storedValues(databaseUri);
    expect(stored).toEqual({ rows: records, distinct: records });
  }

  it("takes what was sent before the first server came, with identities and without", async () => {
    // The profile must be there first, so a server that takes nothing registers it.
    const early = await startServerProcess({
      entry,
      home,
      env: { DATABASE_URI: databaseUri, SCOUTER_DEFAULT_PASSWORD: admin.password },
    });
    running.add(early);
    await enterAs(early.urls.http, admin);
    const profileUid = await registerMetrics(early.urls.http);
    await kill(early);
    const identity = { producer: crypto.randomUUID(), sequence: 1 };
    const batch = { body: metricsMessage(profileUid, 0, 3), itemCount: 3, ...identity };
    for (let time = 1; time <= 3; time += 1) {
      // A topic that is being made is a retry.
      await until(async () => (await transport.send(batch)).outcome === "acknowledged");
    }
    await subject.publish(place, metricsMessage(profileUid, 3, 2));
    const server = await start();
    await expectAllOnce(5);
    interface Account {
      readonly repeated_messages: number;
    }
    const accounts = async () => {
      const url = `${server.urls.http}/scouter/v2/delivery/producers`;
      return (await json<{ items: readonly Account[] }>(url)).items;
    };
    // The repeats may come after everything is stored.
    await until(async () => ((await accounts())[0]?.repeated_messages ?? 0) >= 2);
    expect(await accounts()).toMatchObject([
      { producer: identity.producer, messages: 1, committed: 3, missing: { messages: 0 } },
    ]);
    await expectAllOnce(5);
  });

  it("parks what can never be stored, with its reason, and goes on", async () => {
    const server = await start();
    const profileUid = await registerMetrics(server.urls.http);
    const poison = [
      Buffer.from('{"records":['),
      Buffer.from(JSON.stringify({ what: 1 })),
      metricsMessage("nobody", 0, 2),
    ];
    for (const body of poison) await subject.publish(place, body);
    await subject.publish(place, metricsMessage(profileUid, 0, 2));
    await expectAllOnce(2);
    interface Parked {
      readonly items: readonly { readonly id: number; readonly code: string }[];
    }
    const parked = () => json<Parked>(`${server.urls.http}/scouter/v2/delivery/parked`);
    await until(async () => (await parked()).items.length >= poison.length);
    const { items } = await parked();
    expect(items.map(({ code }) => code).toSorted()).toEqual([
      "SERVER_JSON_SYNTAX",
      "SERVER_MESSAGE_UNKNOWN",
      "SERVER_PROFILE_UNKNOWN",
    ]);
    const syntax = items.find(({ code }) => code === "SERVER_JSON_SYNTAX");
    const payload = await guestFetch(
      `${server.urls.http}/scouter/v2/delivery/parked/${syntax?.id}/payload`,
    );
    expect(Buffer.from(await payload.arrayBuffer())).toEqual(poison[0]);
  });

  it(
    `stores ${RECORDS} records once, by two servers, over ${RESTARTS} kills of the broker and of servers`,
    async () => {
      let first = await start();
      const profileUid = await registerMetrics(first.urls.http);
      await start();
      const startedMs = performance.now();
      const load = startBrokerLoad(transport, profileUid, RECORDS);
      for (let round = 1; round <= RESTARTS; round += 1) {
        await confirmedUpTo(load, (RECORDS * round) / (RESTARTS + 1));
        await broker.kill();
        await broker.start();
        await kill(first);
        first = await start();
      }
      const { repeated } = await load.finished;
      const sentSeconds = (performance.now() - startedMs) / 1000;
      await expectAllOnce(RECORDS);
      const seconds = (performance.now() - startedMs) / 1000;
      const figure = { records: RECORDS, restarts: RESTARTS, repeated, sentSeconds, seconds };
      process.stderr.write(`${place.split("-")[0]} ${transport.name}: ${JSON.stringify(figure)}\n`);
    },
    240_000 + RESTARTS * 120_000,
  );
}

async function confirmedUpTo(load: BrokerLoad, records: number): Promise<void> {
  await until(async () => load.confirmed() >= records);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
}

async function json<Body>(url: string): Promise<Body> {
  const response = await guestFetch(url);
  return (await response.json()) as Body;
}
