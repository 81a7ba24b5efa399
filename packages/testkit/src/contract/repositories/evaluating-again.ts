import type { ClaimedEvalRecord, Database } from "@scouter/database";
import { beforeEach, describe, expect, it } from "vitest";
import { completionOf, endEverythingDue, fresh, recordsFor, registerAgent } from "./samples.ts";

const LEASE_MS = 60_000;

export function evaluatingAgainContract(database: () => Database): void {
  const claim = (limit: number) =>
    database().evalRecords.claim({ workerId: "w", limit, leaseMs: LEASE_MS });

  describe("claims of many profiles", () => {
    beforeEach(() => endEverythingDue(database()));

    const stored = async (count: number, space?: string) => {
      const profile = await registerAgent(database(), {
        name: fresh("agent"),
        ...(space === undefined ? {} : { space }),
      });
      await database().evalRecords.store(recordsFor(profile.uid, count));
      return profile;
    };
    const countOf = (claimed: readonly ClaimedEvalRecord[], uid: string) =>
      claimed.filter(({ profile }) => profile.uid === uid).length;

    it("share the limit between spaces, whatever stands in line before", async () => {
      const backlog = await stored(500);
      const late = await stored(3);
      const claimed = await claim(20);
      expect(countOf(claimed, late.uid)).toBe(3);
      expect(countOf(claimed, backlog.uid)).toBe(10);
    });

    it("share a space's part between its profiles", async () => {
      const space = fresh("space");
      const busy = [await stored(100, space), await stored(100, space), await stored(100, space)];
      const other = await stored(100);
      const claimed = await claim(24);
      expect(busy.map(({ uid }) => countOf(claimed, uid))).toEqual([4, 4, 4]);
      expect(countOf(claimed, other.uid)).toBe(12);
    });

    it("give one profile everything when no other has due records", async () => {
      const only = await stored(30);
      expect(countOf(await claim(25), only.uid)).toBe(25);
    });

    it("leave profiles alone that are excepted", async () => {
      const [waiting, other] = [await stored(5), await stored(5)];
      const asked = { workerId: "w", limit: 10, leaseMs: LEASE_MS };
      const claimed = await database().evalRecords.claim({ ...asked, except: [waiting.uid] });
      expect(claimed.map(({ profile }) => profile.uid)).toEqual(Array(5).fill(other.uid));
      expect(countOf(await claim(10), waiting.uid)).toBe(5);
    });

    it("reach every profile when there are more of them than the limit", async () => {
      const profiles = [];
      for (let index = 0; index < 12; index += 1) profiles.push(await stored(1));
      const seen = new Set<string>();
      for (let round = 0; round < 4; round += 1) {
        for (const { profile } of await claim(3)) seen.add(profile.uid);
      }
      expect(seen.size).toBe(profiles.length);
    });
  });

  describe("records that are evaluated again", () => {
    let profileUid: string;
    beforeEach(async () => {
      await endEverythingDue(database());
      profileUid = (await registerAgent(database())).uid;
    });
    const storedOne = async () => {
      const [item] = recordsFor(profileUid, 1);
      await database().evalRecords.store([item!]);
      return item!.record.uid;
    };
    const giveUp = async () => {
      const [claimed] = await claim(1);
      await database().evalRecords.fail(claimed!.claim, { error: "no model" });
    };
    const stateOf = async (uid: string) => (await database().evalRecords.byUid(uid))[0];

    it("are all that were given up, without the attempts they had", async () => {
      const uids = [await storedOne(), await storedOne()];
      await giveUp();
      await giveUp();
      expect(await database().evalRecords.again({ profileUid })).toBe(2);
      expect(await stateOf(uids[0]!)).toMatchObject({
        status: "Pending",
        retry_count: 0,
        last_error: null,
      });
      const claimed = await claim(5);
      expect(claimed.map(({ attempt }) => attempt)).toEqual([1, 1]);
      expect(await database().evalRecords.again({ profileUid })).toBe(0);
    });

    it("leave one result set, the newest, whether it has more tasks or fewer", async () => {
      const uid = await storedOne();
      const rounds = [
        ["passed", "failed", "failed"],
        ["failed", "passed"],
        ["passed", "passed", "skipped", "passed"],
      ] as const;
      for (const [round, outcomes] of rounds.entries()) {
        const again = await database().evalRecords.again({ profileUid, recordUid: uid });
        expect(again).toBe(round === 0 ? 0 : 1);
        const [claimed] = await claim(1);
        const done = completionOf(claimed!, outcomes);
        expect(await database().evalRecords.complete([done])).toEqual(["done"]);
        const tasks = await database().evalRecords.tasksOf(uid);
        expect(tasks.map(({ outcome }) => outcome)).toEqual(outcomes);
        const [sum] = await database().evalRecords.summary(profileUid);
        expect(sum).toMatchObject({ recordsEvaluated: 1 });
      }
    });

    it("keep their results until there are new ones", async () => {
      const uid = await storedOne();
      const [claimed] = await claim(1);
      await database().evalRecords.complete([completionOf(claimed!, ["failed"])]);
      await database().evalRecords.again({ profileUid, recordUid: uid });
      expect(await database().evalRecords.tasksOf(uid)).toHaveLength(1);
    });

    it("are not those that are pending or belong to another profile", async () => {
      const uid = await storedOne();
      const other = await registerAgent(database());
      expect(await database().evalRecords.again({ profileUid, recordUid: uid })).toBe(0);
      await giveUp();
      const wrong = { profileUid: other.uid, recordUid: uid };
      expect(await database().evalRecords.again(wrong)).toBe(0);
      expect(await database().evalRecords.again({ profileUid: "nobody" })).toBe(0);
    });
  });
}
