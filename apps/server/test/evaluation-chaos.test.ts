import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "@scouter/contracts";
import { openPostgres, type Database, type StoredEvalRecord } from "@scouter/database";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { enterAs } from "@scouter/testkit/server-process/guest-fetch";
import { afterEach, beforeEach, expect, it } from "vitest";
import { registerProfile } from "./agent-profile.ts";
import { sendRecords, sentRecord } from "./evaluated-records.ts";
import { startMoodyVendor, type MoodyVendor } from "./moody-vendor.ts";

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** Kills of servers; unset in the check, where a short run has to do. */
const chaosRounds = process.env["SCOUTER_CHAOS_ROUNDS"];
const rounds = Number(chaosRounds ?? 2);
const recordCount = chaosRounds === undefined ? 450 : 20_100;
const timeoutMs = chaosRounds === undefined ? 300_000 : 3_600_000;
const admin = { username: "admin", password: "killed at random" };
const USD_PER_TOKEN = 0.001;
const MAX_OUTPUT_TOKENS = 20;
/** Less than all judges would cost, so that some must be refused. */
const budgetUsd = (recordCount / 3) * 0.02;

const judged = {
  assertion: [
    { id: "short", context_path: "answer", operator: "HasLengthLessThan", expected_value: 40 },
  ],
  judge: [
    {
      id: "quality",
      prompt: {
        model: "moody",
        provider: "openai",
        response_type: "Score",
        request: {
          messages: [{ role: "user", content: "Judge ${answer}" }],
          max_tokens: MAX_OUTPUT_TOKENS,
        },
      },
      context_path: "score",
      operator: "GreaterThanOrEqual",
      expected_value: 3,
      max_retries: 1,
    },
  ],
};

await onPostgres("evaluation while servers are killed", (postgres) => {
  let home: string;
  let uri: string;
  let vendor: MoodyVendor;
  let database: Database;
  const running = new Set<ServerProcess>();

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "scouter-chaos-"));
    uri = await postgres.migratedDatabase();
    vendor = await startMoodyVendor();
    database = await openPostgres({ uri, clock: systemClock, connectTimeoutMs: 60_000 });
  });
  afterEach(async () => {
    for (const server of running) await server.stop("SIGKILL");
    running.clear();
    await vendor.close();
    await database.close();
    await rm(home, { recursive: true, force: true });
  });

  async function start(): Promise<ServerProcess> {
    const env = {
      DATABASE_URI: uri,
      SCOUTER_DEFAULT_PASSWORD: admin.password,
      SCOUTER_EVALUATION_LEASE_SECS: "2",
      SCOUTER_INGEST_LEASE_SECS: "2",
      MAX_POOL_SIZE: "5",
      OPENAI_API_URL: vendor.url,
      SCOUTER_JUDGE_TIMEOUT_SECS: "1",
      SCOUTER_JUDGE_CONCURRENCY: "16",
      SCOUTER_JUDGE_DAILY_BUDGET_USD: String(budgetUsd),
      SCOUTER_JUDGE_PRICES: `openai/moody=${USD_PER_TOKEN * 1e6}:${USD_PER_TOKEN * 1e6}`,
      LOG_LEVEL: "error",
    };
    const server = await startServerProcess({ entry, home, env });
    running.add(server);
    return server;
  }

  /** Uid of the profile by uid of the record. */
  async function send(url: string, plain: string, costly: string) {
    const sent = new Map<string, string>();
    for (let index = 0; index < recordCount; index += 150) {
      for (const [uid, count] of [
        [plain, 100],
        [costly, 50],
      ] as const) {
        const records = Array.from({ length: count }, (_, n) =>
          sentRecord({ answer: `answer ${index + n}`, expected: "answer 7" }),
        );
        await sendRecords(url, uid, records);
        for (const record of records) sent.set(record.uid, uid);
      }
    }
    return sent;
  }

  it(
    "ends every record once, with results or with its reason, and spends no more than the budget",
    async () => {
      const servers = [await start(), await start()];
      const { http } = (servers[0] as ServerProcess).urls;
      await enterAs(http, admin);
      const plain = await registerProfile(http, "plain");
      const costly = await registerProfile(http, "costly", judged);
      const sent = await send(http, plain, costly);

      for (let round = 0; round < rounds; round += 1) {
        await untilEnded(database, ((round + 0.5) / (rounds + 1)) * sent.size);
        const [victim] = servers.splice(round % 2, 1) as [ServerProcess];
        running.delete(victim);
        await victim.stop("SIGKILL");
        servers.push(await start());
      }
      await untilEnded(database, sent.size);

      const records = [
        ...(await everyRecord(database, plain)),
        ...(await everyRecord(database, costly)),
      ];
      expect(records.map(({ uid }) => uid).toSorted()).toEqual([...sent.keys()].toSorted());
      const processed = records.filter(({ status }) => status === "Processed");
      for (const { status, last_error: reason } of records) {
        const end = status === "Processed" ? "" : "ended without a result";
        expect(["Processed", "Failed"]).toContain(status);
        expect(reason ?? "").toContain(end);
      }
      const results = await tasksByRecord(database);
      expect([...results.keys()].toSorted()).toEqual(processed.map(({ uid }) => uid).toSorted());
      for (const [uid, tasks] of results) {
        const wanted = sent.get(uid) === plain ? ["answered", "right"] : ["quality", "short"];
        expect(tasks.toSorted()).toEqual(wanted);
      }
      // By the vendor's own count, with what nobody lived to note down.
      expect(vendor.tokens() * USD_PER_TOKEN).toBeLessThanOrEqual(budgetUsd);
      expect(vendor.tokens()).toBeGreaterThan(0);
      expect(await codesOfJudges(database, costly)).toContain("EVALUATE_BUDGET_SPENT");
    },
    timeoutMs,
  );
});

async function untilEnded(database: Database, count: number): Promise<void> {
  for (;;) {
    const { processed, failed } = await database.evalRecords.counts();
    if (processed + failed >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function everyRecord(
  database: Database,
  profileUid: string,
): Promise<readonly StoredEvalRecord[]> {
  const records: StoredEvalRecord[] = [];
  const request = { service_info: { space: "support", uid: profileUid }, limit: 1000 };
  for (let cursor = {}; ;) {
    const page = await database.evalRecords.page({ ...request, ...cursor });
    records.push(...page.items);
    if (!page.has_next || page.next_cursor === null) return records;
    const { created_at: cursor_created_at, id: cursor_id } = page.next_cursor;
    cursor = { cursor_created_at, cursor_id, direction: "next" };
  }
}

const period = () => ({ startMs: Date.now() - 86_400_000, endMs: Date.now() + 60_000 });

async function tasksByRecord(database: Database): Promise<ReadonlyMap<string, readonly string[]>> {
  const tasks = new Map<string, string[]>();
  for (let cursor: string | undefined; ;) {
    const asked = { spaces: ["support"], limit: 1000, cursor, ...period() };
    const page = await database.evaluations.results(asked);
    for (const { recordUid, taskId } of page.items) {
      tasks.set(recordUid, [...(tasks.get(recordUid) ?? []), taskId]);
    }
    if (page.nextCursor === null) return tasks;
    cursor = page.nextCursor;
  }
}

/** Codes with which judges of a profile erred. */
async function codesOfJudges(database: Database, profileUid: string): Promise<readonly string[]> {
  const filter = { profileUid, task: "quality", outcome: "errored" as const };
  const asked = { spaces: ["support"], limit: 1000, ...filter, ...period() };
  const { items } = await database.evaluations.results(asked);
  return [...new Set(items.map(({ errorCode }) => errorCode ?? "none"))];
}
