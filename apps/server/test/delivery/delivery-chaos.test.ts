import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { accountedItems, type DeliveryStats } from "@scouter/sdk";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { enterAs, guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { tcpGate, type TcpGate } from "@scouter/testkit/broker/tcp-gate";
import { Client } from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { registerProfile } from "../agent-profile.ts";
import { startApp, type AppProcess } from "./app-process.ts";
import { overloadedProxy } from "./overloaded-proxy.ts";

const entry = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const admin = { username: "admin", password: "every item in one count" };
/** The short form belongs to every check; `npm run chaos -- delivery` runs the long one. */
const isLong = process.env["SCOUTER_CHAOS_ROUNDS"] !== undefined;
const ROUNDS = Number(process.env["SCOUTER_CHAOS_ROUNDS"] ?? 2);
const OUTAGE_MS = isLong ? 120_000 : 3_000;
const RECORDS = isLong ? 2_000 : 200;
/** Room for all that a test offers: what these tests do must cost no record. */
const EVERYTHING = 2 * ROUNDS * RECORDS;

await onPostgres("the counts of an app and the database agree, item by item", (postgres) => {
  let home: string;
  let spoolDir: string;
  let databaseUri: string;
  let server: ServerProcess;
  let profileUid: string;
  let gate: TcpGate;
  const apps = new Set<AppProcess>();

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "scouter-delivery-"));
    spoolDir = await mkdtemp(join(tmpdir(), "scouter-spool-"));
    databaseUri = await postgres.migratedDatabase();
    server = await startServer();
    await enterAs(server.urls.http, admin);
    profileUid = await registerProfile(server.urls.http);
    gate = await tcpGate({ port: server.ports.http });
  });
  afterEach(async () => {
    for (const app of apps) await app.kill();
    apps.clear();
    await gate.close();
    await server.stop("SIGKILL");
    await rm(home, { recursive: true, force: true });
    await rm(spoolDir, { recursive: true, force: true });
  });

  function startServer(ports?: ServerProcess["ports"]): Promise<ServerProcess> {
    const env = {
      DATABASE_URI: databaseUri,
      SCOUTER_DEFAULT_PASSWORD: admin.password,
      POLLING_WORKER_COUNT: "0",
      GENAI_WORKER_COUNT: "0",
    };
    return startServerProcess({ entry, home, env, ...(ports === undefined ? {} : { ports }) });
  }

  interface AppOptions {
    readonly spooled?: boolean;
    readonly capacity?: number;
    readonly baseUrl?: string;
  }
  async function start(more: AppOptions = {}) {
    const app = await startApp({
      baseUrl: more.baseUrl ?? `http://127.0.0.1:${gate.port}`,
      ...admin,
      profileUid,
      timeoutMs: 2_000,
      shutdownMs: 60_000,
      ...(more.spooled === true ? { spoolDir } : {}),
      ...(more.capacity === undefined ? {} : { capacity: more.capacity }),
    });
    apps.add(app);
    return app;
  }

  async function storedUids(): Promise<readonly string[]> {
    const client = new Client({ connectionString: databaseUri });
    await client.connect();
    try {
      const { rows } = await client.query<{ uid: string }>("select uid from scouter.eval_record");
      return rows.map(({ uid }) => uid);
    } finally {
      await client.end();
    }
  }

  interface Account {
    readonly committed: number;
    readonly missing: { readonly messages: number };
    readonly reported: { readonly offered: number; readonly dropped_full: number } | null;
  }
  async function accounts(): Promise<readonly Account[]> {
    const reply = await guestFetch(`${server.urls.http}/scouter/v2/delivery/producers`);
    return ((await reply.json()) as { readonly items: readonly Account[] }).items;
  }

  /** Of an app that ended by itself: every item is in one count, and the database holds what was acknowledged. */
  async function expectAgreement(app: AppProcess, stats: DeliveryStats): Promise<void> {
    expect(accountedItems(stats)).toBe(stats.offered);
    expect(stats.offered).toBe(app.offered.size);
    expect(stats).toMatchObject({ pending: 0, inFlight: 0, rejected: {} });
    const stored = await storedUids();
    expect(new Set(stored).size).toBe(stored.length);
    expect(stored.length).toBe(stats.acknowledged);
    expect(stored.filter((uid) => !app.taken.has(uid))).toEqual([]);
    const [account] = await accounts();
    expect(account).toMatchObject({ committed: stats.acknowledged, missing: { messages: 0 } });
  }

  it(`a server that is killed ${ROUNDS} times`, async () => {
    const app = await start({ capacity: EVERYTHING });
    for (let round = 0; round < ROUNDS; round += 1) {
      await app.offer(RECORDS);
      const { ports } = server;
      await server.stop("SIGKILL");
      await app.offer(RECORDS);
      server = await startServer(ports);
    }
    const stats = await app.end();
    expect(stats.acknowledged).toBe(2 * ROUNDS * RECORDS);
    await expectAgreement(app, stats);
  }, 1_200_000);

  it("a server that stands still for longer than a try, and goes on", async () => {
    const app = await start({ capacity: EVERYTHING });
    for (let round = 0; round < ROUNDS; round += 1) {
      await app.offer(RECORDS);
      process.kill(server.pid, "SIGSTOP");
      await app.offer(RECORDS);
      // Longer than the limit of a try: the requests are sent again while the first ones are still to be answered.
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      process.kill(server.pid, "SIGCONT");
    }
    const stats = await app.end();
    expect(stats.acknowledged).toBe(2 * ROUNDS * RECORDS);
    await expectAgreement(app, stats);
  }, 1_200_000);

  it("a server that is gone, while the buffer overflows: what was dropped is counted", async () => {
    const app = await start({ capacity: 100 });
    gate.shut();
    for (let left = 5; left > 0; left -= 1) await app.offer(RECORDS);
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
    gate.open();
    await app.offer(1);
    const stats = await app.end();
    expect(stats.dropped.full).toBeGreaterThan(0);
    expect(stats.acknowledged + stats.dropped.full).toBe(stats.offered);
    await expectAgreement(app, stats);
    const [account] = await accounts();
    expect(account?.reported).toMatchObject({ dropped_full: stats.dropped.full });
  }, 1_200_000);

  it("replies that never arrive: sent again, stored once", async () => {
    const app = await start({ capacity: EVERYTHING });
    for (let round = 0; round < 5 * ROUNDS; round += 1) {
      gate.cutAtNextReply();
      await app.offer(RECORDS / 4);
    }
    const stats = await app.end();
    expect(stats.acknowledged).toBe(stats.offered);
    await expectAgreement(app, stats);
  }, 1_200_000);

  it("an overloaded server: half of the requests are answered 429", async () => {
    const overloaded = await overloadedProxy(server.urls.http);
    const app = await start({ baseUrl: overloaded.url, capacity: EVERYTHING });
    for (let round = 0; round < 5 * ROUNDS; round += 1) await app.offer(RECORDS / 4);
    const stats = await app.end();
    await overloaded.close();
    expect(overloaded.refusals()).toBeGreaterThan(0);
    expect(stats.acknowledged).toBe(stats.offered);
    await expectAgreement(app, stats);
  }, 1_200_000);

  it("a slow server: every reply is held for a while", async () => {
    const app = await start();
    const slow = Promise.withResolvers<void>();
    gate.holdReplies(slow.promise);
    await app.offer(RECORDS);
    setTimeout(slow.resolve, 1_500);
    await app.offer(RECORDS);
    const stats = await app.end();
    expect(stats.acknowledged).toBe(2 * RECORDS);
    await expectAgreement(app, stats);
  }, 1_200_000);

  it("an app that is killed loses what it held, and the server knows of no gap that is not one", async () => {
    const app = await start();
    await app.offer(RECORDS);
    gate.shut();
    await app.offer(RECORDS);
    await app.kill();
    apps.delete(app);
    gate.open();
    const stored = new Set(await storedUids());
    const lost = [...app.offered].filter((uid) => !stored.has(uid));
    // All that the server holds was offered; the rest is lost, and nothing else.
    expect(stored.size + lost.length).toBe(app.offered.size);
    expect([...stored].filter((uid) => !app.offered.has(uid))).toEqual([]);
    expect(lost.length).toBeGreaterThanOrEqual(RECORDS);
    const committed = (await accounts()).reduce((sum, account) => sum + account.committed, 0);
    expect(committed).toBe(stored.size);
  }, 1_200_000);

  it("an app that is killed with a spool loses only what was not on the disk yet", async () => {
    const all = new Set<string>();
    let lost = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const app = await start({ spooled: true });
      gate.shut();
      await app.offer(RECORDS);
      // Everything has left the buffer and is on the disk: the counts of an offer of nothing say so.
      do await app.offer(0);
      while ((app.stats()?.pending ?? 1) > 0 || !(await isQuiet(app)));
      await app.kill();
      apps.delete(app);
      gate.open();
      for (const uid of app.offered) all.add(uid);
      const next = await start({ spooled: true });
      do await next.offer(0);
      while ((next.spool()?.recovered ?? 0) === 0 || (next.spool()?.waiting ?? 1) > 0);
      const stats = await next.end();
      apps.delete(next);
      expect(stats.offered).toBe(0);
      const stored = new Set(await storedUids());
      lost = [...all].filter((uid) => !stored.has(uid)).length;
      expect([...stored].filter((uid) => !all.has(uid))).toEqual([]);
    }
    expect(lost).toBe(0);
    for (const account of await accounts()) expect(account.missing.messages).toBe(0);
  }, 1_200_000);
});

/** Whether all batches that left the buffer are on the disk: twice the same number of files. */
async function isQuiet(app: AppProcess): Promise<boolean> {
  const before = app.stats()?.inFlight;
  await new Promise((resolve) => setTimeout(resolve, 300));
  await app.offer(0);
  return before !== undefined && before === app.stats()?.inFlight;
}
