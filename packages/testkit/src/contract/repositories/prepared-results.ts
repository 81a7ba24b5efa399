import type { Database } from "@scouter/database";
import { resultTexts } from "@scouter/database/result-texts";
import { beforeEach, describe, expect, it } from "vitest";
import { completionOf, endEverythingDue, recordFor, registerAgent } from "./samples.ts";

const LEASE_MS = 60_000;
/** Of its own: what other tests have claimed stays claimed. */
const WORKER = "prepared";

export function preparedResultsContract(database: () => Database): void {
  describe("results made ready elsewhere", () => {
    beforeEach(() => endEverythingDue(database()));

    const claimOne = async (contextTextAbove?: number) => {
      const request = { workerId: WORKER, limit: 1, leaseMs: LEASE_MS, contextTextAbove };
      const [claimed] = await database().evalRecords.claim(request);
      return claimed!;
    };
    const tasksOf = async (uid: string) => {
      const tasks = await database().evalRecords.tasksOf(uid);
      return tasks.map((task) => ({ ...task, record_uid: "", entity_id: 0 }));
    };

    it("are stored as those that were not", async () => {
      const { uid } = await registerAgent(database());
      const records = [recordFor(uid), recordFor(uid)];
      await database().evalRecords.store(records);
      const plain = await claimOne();
      const results = completionOf(plain, ["passed", "failed", "skipped"]);
      await database().evalRecords.complete([results]);

      const other = await claimOne();
      const prepared = resultTexts(results);
      const completion = { claim: other.claim, prepared, spansSeen: 3 };
      expect(await database().evalRecords.completePrepared(completion)).toBe("done");
      expect(await tasksOf(other.record.uid)).toEqual(await tasksOf(plain.record.uid));
      const [sum] = await database().evalRecords.summary(uid);
      expect(sum).toMatchObject({ recordsEvaluated: 2, tasksPassed: 2, tasksFailed: 2 });
      // A repeat after a lost reply.
      expect(await database().evalRecords.completePrepared(completion)).toBe("done");
      const stale = { ...completion, claim: { ...other.claim, fencing: 99 } };
      expect(await database().evalRecords.completePrepared(stale)).toBe("stale");
    });

    it("follow from long contexts that came as text", async () => {
      const { uid } = await registerAgent(database());
      const long = { text: Array.from({ length: 4_000 }, (_, index) => index * 7_919).join(" ") };
      const records = [recordFor(uid, { context: long }), recordFor(uid, { context: { a: 1 } })];
      await database().evalRecords.store(records);
      const asText = [await claimOne(2_000), await claimOne(2_000)];
      expect(asText.map(({ record, contextText }) => [record.context, contextText])).toEqual([
        [null, JSON.stringify(long)],
        [{ a: 1 }, undefined],
      ]);
      await database().evalRecords.releaseAll(WORKER);
      const asValues = [await claimOne(), await claimOne()];
      expect(asValues.map(({ record }) => record.context)).toEqual([long, { a: 1 }]);
    });
  });
}
