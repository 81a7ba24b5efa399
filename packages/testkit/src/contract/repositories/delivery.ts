import type { Database, ProducerAccount, ReceivedItem } from "@scouter/database";
import { beforeEach, describe, expect, it } from "vitest";
import { registerDrift, spc } from "./observations.ts";
import { fresh } from "./samples.ts";

/** What producers sent, and messages that could not be stored. */
export function deliveryContract(database: () => Database): void {
  describe("producers", () => {
    let spcUid: string;
    let producer: string;
    beforeEach(async () => {
      spcUid = await registerDrift(database(), "Spc", ["speed"]);
      producer = fresh("producer");
    });
    const speed = (series = "speed"): ReceivedItem => ({
      kind: "observation",
      item: spc(spcUid, series, 1),
    });
    const message = (sequence: number, ...items: readonly ReceivedItem[]) => ({
      identity: { producer, sequence },
      items: items.length === 0 ? [speed()] : items,
    });
    const account = async (): Promise<ProducerAccount> => {
      const accounts = await database().producers.list({ limit: 1000 });
      const own = accounts.filter((candidate) => candidate.producer === producer);
      expect(own).toHaveLength(1);
      return own[0] as ProducerAccount;
    };

    it("are counted by message and item, repeats apart", async () => {
      const { messages } = database();
      await messages.store([message(1, speed(), speed("sped")), message(2)]);
      await messages.store([message(2), message(3), message(3)]);
      expect(await account()).toMatchObject({
        messages: 3,
        repeats: 2,
        committed: 3,
        refused: 1,
        lastSequence: 3,
        missing: { messages: 0, ranges: [] },
        completeThrough: { sequence: 3 },
        service: null,
        report: null,
      });
    });

    it.each([
      { came: [1, 2, 3], missing: [], through: 3 },
      { came: [0, 1, 2], missing: [], through: 2 },
      { came: [2, 3], missing: [[1, 1]], through: null },
      {
        came: [1, 2, 5, 6, 9],
        missing: [
          [3, 4],
          [7, 8],
        ],
        through: 2,
      },
      { came: [3, 1, 2], missing: [], through: 3 },
    ])("of $came miss $missing", async ({ came, missing, through }) => {
      for (const sequence of came) await database().messages.store([message(sequence)]);
      const { missing: found, completeThrough } = await account();
      expect(found).toEqual({
        messages: missing.reduce((sum, [first = 0, last = 0]) => sum + last - first + 1, 0),
        ranges: missing,
      });
      expect(completeThrough?.sequence ?? null).toBe(through);
    });

    it("keep the newest report and the name of their app", async () => {
      const report = (offered: number) => ({
        service: "checkout",
        offered,
        sampledOut: 1,
        droppedFull: 2,
        droppedInvalid: 3,
        droppedClosed: 4,
      });
      const { messages, producers } = database();
      const before = await servicesOf("checkout");
      await messages.store([{ ...message(2), report: report(20) }]);
      await messages.store([{ ...message(1), report: report(10) }, message(3)]);
      expect(await account()).toMatchObject({
        service: "checkout",
        report: { offered: 20, sampledOut: 1, droppedClosed: 4, asOfSequence: 2 },
      });
      const after = await servicesOf("checkout");
      expect(after.committed - before.committed).toBe(3);
      expect(after.offered - before.offered).toBe(20);
      const named = await producers.list({ limit: 1000, service: "checkout" });
      expect(named.map((candidate) => candidate.producer)).toContain(producer);
      expect(await producers.list({ limit: 10, service: fresh("other") })).toEqual([]);
    });

    it("are not made of a broker's numbers", async () => {
      const identity = { producer, sequence: 7, numberedBy: "broker" as const };
      const { messages, producers } = database();
      expect(await messages.store([{ identity, items: [speed()] }])).toEqual([["stored"]]);
      expect(await messages.store([{ identity, items: [speed()] }])).toEqual([["duplicate"]]);
      const all = await producers.list({ limit: 1000 });
      expect(all.map((candidate) => candidate.producer)).not.toContain(producer);
    });

    it("are counted once when 8 transactions of the same producer run at once", async () => {
      await Promise.all(
        Array.from({ length: 8 }, (_, writer) =>
          database().messages.store(
            Array.from({ length: 5 }, (_, index) => message(writer * 5 + index + 1)),
          ),
        ),
      );
      expect(await account()).toMatchObject({ messages: 40, committed: 40, lastSequence: 40 });
    });

    it("do not miss what was forgotten", async () => {
      const { messages } = database();
      await messages.store([message(1), message(2), message(4)]);
      await messages.forget(0);
      await messages.store([message(5), message(7)]);
      const { producers } = database();
      const accounts = await producers.list({ limit: 1000 });
      const own = accounts.find((candidate) => candidate.producer === producer);
      expect(own).toMatchObject({ lastSequence: 7 });
      expect(own?.missing.ranges.at(-1)).toEqual([6, 6]);
    });

    async function servicesOf(service: string) {
      const all = await database().producers.services();
      const own = all.find((candidate) => candidate.service === service);
      return { committed: own?.committed ?? 0, offered: own?.report.offered ?? 0 };
    }
  });

  describe("parked messages", () => {
    it("are listed newest first, with their reason and what they held", async () => {
      const { parkedMessages } = database();
      const before = await parkedMessages.count();
      const payload = new Uint8Array([0, 255, 7]);
      const poison = {
        broker: "rabbitmq",
        origin: "queue-1",
        code: "SERVER_JSON_SYNTAX",
        reason: "the body is not JSON: \u0000",
        sizeBytes: 3,
      };
      await parkedMessages.park({ ...poison, payload });
      await parkedMessages.park({ ...poison, origin: "queue-2", sizeBytes: 20_000_000 });
      expect(await parkedMessages.count()).toBe(before + 2);
      const [large, small] = await parkedMessages.list({ limit: 2 });
      expect(large).toMatchObject({ origin: "queue-2", sizeBytes: 20_000_000, hasPayload: false });
      expect(small).toMatchObject({ origin: "queue-1", code: poison.code, hasPayload: true });
      expect(await parkedMessages.payload(small?.id ?? 0)).toEqual(payload);
      expect(await parkedMessages.payload(large?.id ?? 0)).toBeUndefined();
      expect(await parkedMessages.list({ limit: 1, before: small?.id })).not.toContainEqual(small);
    });
  });
}
