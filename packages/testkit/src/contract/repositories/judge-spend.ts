import type { Database } from "@scouter/database";
import { beforeEach, describe, expect, it } from "vitest";
import { fresh } from "./samples.ts";

export function judgeSpendContract(database: () => Database): void {
  describe("money for judges", () => {
    let owner: string;
    beforeEach(() => {
      owner = fresh("owner");
    });
    const reserve = (usd: number, limitUsd = 1) =>
      database().judgeSpend.reserve({ owner, usd, limitUsd });
    const granted = async (usd: number, limitUsd = 1) => {
      const reservation = await reserve(usd, limitUsd);
      if (!reservation.granted) throw new Error("refused");
      return reservation;
    };

    it("is granted up to the limit, to the last bit", async () => {
      expect(await reserve(0.75)).toEqual({ granted: true, day: expect.any(String) });
      expect(await reserve(0.25)).toMatchObject({ granted: true });
      expect(await reserve(0.000_001)).toEqual({ granted: false, leftUsd: 0 });
      expect(await reserve(0)).toMatchObject({ granted: true });
      expect(await database().judgeSpend.spentToday(owner)).toBe(1);
    });

    it("is refused at once when a single call is above the limit", async () => {
      expect(await reserve(2)).toEqual({ granted: false, leftUsd: 1 });
      expect(await database().judgeSpend.spentToday(owner)).toBe(0);
    });

    it("is free again when a call cost less, and counts when it cost more", async () => {
      const { day } = await granted(0.9);
      await database().judgeSpend.settle({ owner, day, reservedUsd: 0.9, usd: 0.1 });
      expect(await database().judgeSpend.spentToday(owner)).toBeCloseTo(0.1, 9);
      const second = await granted(0.9);
      await database().judgeSpend.settle({ owner, day: second.day, reservedUsd: 0.9, usd: 1.5 });
      expect(await database().judgeSpend.spentToday(owner)).toBeCloseTo(1.6, 9);
      expect(await reserve(0.01)).toEqual({ granted: false, leftUsd: 0 });
    });

    it("never passes the limit when 40 ask at once", async () => {
      const replies = await Promise.all(Array.from({ length: 40 }, () => reserve(0.1)));
      expect(replies.filter((reply) => reply.granted)).toHaveLength(10);
      expect(await database().judgeSpend.spentToday(owner)).toBeCloseTo(1, 9);
    });

    it("belongs to one owner and one day", async () => {
      await granted(1);
      expect(
        await database().judgeSpend.reserve({ owner: fresh("owner"), usd: 1, limitUsd: 1 }),
      ).toMatchObject({ granted: true });
      const yesterday = { owner, day: "2001-02-03", reservedUsd: 1, usd: 0 };
      await database().judgeSpend.settle(yesterday);
      expect(await database().judgeSpend.spentToday(owner)).toBe(1);
    });
  });
}
