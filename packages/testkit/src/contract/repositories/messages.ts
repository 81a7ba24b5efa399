import type { Database, MessageIdentity, ReceivedItem } from "@scouter/database";
import { beforeEach, describe, expect, it } from "vitest";
import { registerDrift, spc } from "./observations.ts";
import { fresh, recordFor, registerAgent } from "./samples.ts";

/** Messages with and without an identity. */
export function messagesContract(database: () => Database): void {
  describe("messages", () => {
    let agentUid: string;
    let spcUid: string;
    let identity: MessageIdentity;
    beforeEach(async () => {
      agentUid = (await registerAgent(database())).uid;
      spcUid = await registerDrift(database(), "Spc", ["speed"]);
      identity = { producer: fresh("producer"), sequence: 1 };
    });
    const speed = (value: number): ReceivedItem => ({
      kind: "observation",
      item: spc(spcUid, "speed", value),
    });
    const evalRecord = (): ReceivedItem => ({ kind: "eval-record", item: recordFor(agentUid) });
    const values = async () => {
      const window = { startMs: 0, endMs: Date.now() + 60_000 };
      return (await database().observations.spcValues(spcUid, window)).get("speed") ?? [];
    };

    it("stores records and observations of one message together", async () => {
      const items = [speed(1), evalRecord(), speed(2)];
      expect(await database().messages.store([{ identity, items }])).toEqual([
        ["stored", "stored", "stored"],
      ]);
      expect(await values()).toEqual([1, 2]);
      expect(await database().evalRecords.counts(agentUid)).toMatchObject({ pending: 1 });
    });

    it("acknowledges a repeat with the first outcomes and stores nothing", async () => {
      const { messages } = database();
      const stranger: ReceivedItem = { kind: "observation", item: spc(spcUid, "sped", 1) };
      const message = { identity, items: [speed(1), stranger, evalRecord()] };
      expect(await messages.store([message])).toEqual([["stored", "unknown-series", "stored"]]);
      const repeat = [["duplicate", "unknown-series", "duplicate"]];
      expect(await messages.store([message])).toEqual(repeat);
      expect(await messages.storeItems(message)).toEqual(repeat[0]);
      expect(await values()).toEqual([1]);
    });

    it("recognises a repeat inside one batch", async () => {
      const message = { identity, items: [speed(1)] };
      const other = { identity: { ...identity, sequence: 2 }, items: [speed(2)] };
      expect(await database().messages.store([message, message, other])).toEqual([
        ["stored"],
        ["duplicate"],
        ["stored"],
      ]);
      expect(await values()).toEqual([1, 2]);
    });

    it("stores a message once when 8 send it at once, with others in any order", async () => {
      const sent = Array.from({ length: 10 }, (_, sequence) => ({
        identity: { ...identity, sequence },
        items: [speed(sequence), evalRecord()],
      }));
      await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          database().messages.store(index % 2 === 0 ? sent : sent.toReversed()),
        ),
      );
      expect((await values()).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(await database().evalRecords.counts(agentUid)).toMatchObject({ pending: 10 });
    });

    it("takes equal messages without an identity as new", async () => {
      const message = { items: [speed(1)] };
      await database().messages.store([message, message]);
      expect(await values()).toEqual([1, 1]);
    });

    it("does not remember a message that it did not store", async () => {
      const { messages } = database();
      const poison: ReceivedItem = {
        kind: "observation",
        item: spc(spcUid, "speed", 3, "0000-01-01T00:00:00Z"),
      };
      const message = { identity, items: [speed(1), poison, speed(2), evalRecord()] };
      await expect(messages.store([message])).rejects.toMatchObject({ kind: "invalid" });
      expect(await values()).toEqual([]);
      const refusal = expect.objectContaining({ code: "DATABASE_TIME_OUT_OF_RANGE" });
      expect(await messages.storeItems(message)).toEqual(["stored", refusal, "stored", "stored"]);
      expect(await messages.store([message])).toEqual([
        ["duplicate", refusal, "duplicate", "duplicate"],
      ]);
      expect(await values()).toEqual([1, 2]);
    });

    it("refuses alone what the database itself does not take", async () => {
      const long = {
        kind: "eval-record",
        item: recordFor(agentUid, { uid: unindexable() }),
      } as const;
      const items = [speed(1), long, evalRecord()];
      const outcomes = await database().messages.storeItems({ identity, items });
      expect(outcomes).toEqual([
        "stored",
        expect.objectContaining({ code: "DATABASE_VALUE_INVALID" }),
        "stored",
      ]);
      expect(await values()).toEqual([1]);
    });

    it("forgets what is older than it is told", async () => {
      const { messages } = database();
      const message = { identity, items: [speed(1)] };
      await messages.store([message]);
      await messages.forget(60_000);
      expect(await messages.store([message])).toEqual([["duplicate"]]);
      expect(await messages.forget(0)).toBeGreaterThan(0);
      expect(await messages.store([message])).toEqual([["stored"]]);
    });
  });
}

/** Too long for an index, and no two parts of it alike, so that compression does not save it. */
function unindexable(): string {
  let state = 7;
  return Array.from({ length: 20_000 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return String.fromCodePoint(33 + (state % 90));
  }).join("");
}
