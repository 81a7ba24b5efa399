import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../test/fake/api-fixture.ts";
import { agentEval, registerSampleProfile } from "../../test/fake/samples.ts";
import { BrokerIntake, MAX_BROKER_MESSAGE_BYTES, type BrokerMessage } from "./broker-intake.ts";

describe("BrokerIntake", () => {
  let fixture: ApiFixture;
  let clock: ManualClock;
  let profileUid: string;
  let intake: BrokerIntake;
  const told: string[] = [];
  const never = new AbortController().signal;

  beforeEach(async () => {
    fixture = await apiFixture();
    clock = new ManualClock();
    profileUid = await registerSampleProfile(fixture.app);
    told.length = 0;
    intake = new BrokerIntake({
      message: { ingest: fixture.ingest, onReplacedCharacters() {}, onFault() {} },
      database: fixture.database,
      clock,
      random: () => 0,
      events: {
        onDone: (broker, fate) => told.push(`${broker} ${fate}`),
        onParked: (_message, code) => told.push(`parked ${code}`),
        onHeldUp: (_broker, _error, pauseMs) => told.push(`held up ${pauseMs}`),
      },
    });
  });
  afterEach(() => fixture.close());

  const messageOf = (body: string | Uint8Array, more: Partial<BrokerMessage> = {}) => ({
    broker: "kafka" as const,
    body: typeof body === "string" ? Buffer.from(body) : body,
    header: () => undefined,
    origin: "topic/0@7",
    place: { producer: "kafka:topic/0@1", sequence: 7, numberedBy: "broker" as const },
    ...more,
  });
  const records = (...uids: string[]) =>
    JSON.stringify({ records: uids.map((uid) => agentEval(profileUid, uid)) });

  it("stores a message, and the same place of the broker once", async () => {
    expect(await intake.take(messageOf(records("r1", "r2")), never)).toBe("stored");
    expect(await intake.take(messageOf(records("r1", "r2")), never)).toBe("stored");
    expect(fixture.database.storeCalls).toBeGreaterThan(0);
    expect([...fixture.database.remembered]).toHaveLength(1);
    expect(told).toEqual(["kafka stored", "kafka stored"]);
  });

  it("goes by the sender's number before the broker's place", async () => {
    const headers: Record<string, string> = {
      "x-scouter-producer": "p",
      "x-scouter-sequence": "3",
    };
    const header = (name: string) => headers[name];
    await intake.take(messageOf(records("r1"), { header }), never);
    const place = { producer: "kafka:topic/0@9", sequence: 99, numberedBy: "broker" as const };
    await intake.take(messageOf(records("r1"), { header, place }), never);
    expect([...fixture.database.remembered.keys()].map((key) => JSON.parse(key) as object)).toEqual(
      [{ producer: "p", sequence: 3 }],
    );
  });

  it.each<[string, () => string | Uint8Array, string]>([
    ["no JSON", () => "{", "SERVER_JSON_SYNTAX"],
    ["another shape", () => '{"a":1}', "SERVER_MESSAGE_UNKNOWN"],
    ["no records", () => '{"records":[]}', "SERVER_RECORDS_EMPTY"],
    ["nothing at all", () => "", "SERVER_JSON_SYNTAX"],
    [
      "more than 10 MiB",
      () => new Uint8Array(MAX_BROKER_MESSAGE_BYTES + 1),
      "SERVER_BROKER_MESSAGE_TOO_LARGE",
    ],
  ])("parks %s with its reason", async (_name, body, code) => {
    expect(await intake.take(messageOf(body()), never)).toBe("parked");
    expect(fixture.database.parked).toMatchObject([{ broker: "kafka", origin: "topic/0@7", code }]);
    expect(told).toEqual([`parked ${code}`, "kafka parked"]);
  });

  it("stores what it can of a message and parks the whole with what was refused", async () => {
    const body = JSON.stringify({
      records: [agentEval(profileUid, "good"), agentEval("nobody", "bad"), { What: {} }],
    });
    expect(await intake.take(messageOf(body), never)).toBe("parked");
    expect([...fixture.database.stored.values()].map(({ record }) => record.uid)).toEqual(["good"]);
    const [parked] = fixture.database.parked;
    expect(parked?.reason).toMatch(/^2 of 3 items were refused: \[1\] SERVER_PROFILE_UNKNOWN: /);
    expect(Buffer.from(parked?.payload ?? []).toString()).toBe(body);
  });

  it("holds a message while the database is away, with growing pauses, and stores it then", async () => {
    fixture.database.away = true;
    const taking = intake.take(messageOf(records("r1")), never);
    while (told.length < 4) {
      await clock.advance(10_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    fixture.database.away = false;
    await clock.advance(10_000);
    expect(await taking).toBe("stored");
    expect(told.slice(0, 4)).toEqual(["held up 50", "held up 100", "held up 200", "held up 400"]);
  });

  it("parks nothing while the database is away: poison waits as well", async () => {
    fixture.database.away = true;
    const stop = new AbortController();
    const taking = intake.take(messageOf("{"), stop.signal);
    while (told.length < 2) {
      await clock.advance(10_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    stop.abort();
    expect(await taking).toBe("left");
    expect(fixture.database.parked).toEqual([]);
  });
});
