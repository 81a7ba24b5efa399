import type { EvalRecordPaginationRequest, Page } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import { beforeAll, describe, expect, it } from "vitest";
import { completionOf, endEverythingDue, recordFor, recordsFor, registerAgent } from "./samples.ts";

/** Newest first; the three in the middle share a time, so only the id tells them apart. */
const TIMES = [
  "2026-03-01T10:00:00.000005Z",
  "2026-03-01T10:00:00.000004Z",
  "2026-03-01T10:00:00.000003Z",
  "2026-03-01T10:00:00.000003Z",
  "2026-03-01T10:00:00.000003Z",
  "2026-03-01T10:00:00.000002Z",
  "2026-03-01T10:00:00.000001Z",
];

export function pagesContract(database: () => Database): void {
  describe("pages of records", () => {
    let profileUid: string;
    /** Newest first. */
    let uids: readonly string[];
    beforeAll(async () => {
      await endEverythingDue(database());
      profileUid = (await registerAgent(database())).uid;
      const oldestFirst = TIMES.toReversed().map((createdAt) =>
        recordFor(profileUid, { createdAt }),
      );
      for (const item of oldestFirst) await database().evalRecords.store([item]);
      uids = oldestFirst.map(({ record }) => record.uid).toReversed();
    });

    const ask = (request: Partial<EvalRecordPaginationRequest> = {}) =>
      database().evalRecords.page({
        service_info: { space: "any", uid: profileUid },
        limit: 3,
        ...request,
      });
    const uidsOf = (page: Page<{ readonly uid: string }>) => page.items.map((item) => item.uid);
    const after = ({ next_cursor: cursor }: Page<unknown>) => ({
      cursor_created_at: cursor?.created_at,
      cursor_id: cursor?.id,
      direction: "next",
    });
    const before = ({ previous_cursor: cursor }: Page<unknown>) => ({
      cursor_created_at: cursor?.created_at,
      cursor_id: cursor?.id,
      direction: "previous",
    });

    it("goes forward over ties, newest first, each record once", async () => {
      const first = await ask();
      expect(uidsOf(first)).toEqual(uids.slice(0, 3));
      expect(first).toMatchObject({ has_next: true, has_previous: false, previous_cursor: null });
      expect(first.next_cursor).toEqual({ created_at: TIMES[2], id: first.items[2]?.id });
      const second = await ask(after(first));
      expect(uidsOf(second)).toEqual(uids.slice(3, 6));
      expect(second).toMatchObject({ has_next: true, has_previous: true });
      expect(second.previous_cursor).toEqual({ created_at: TIMES[3], id: second.items[0]?.id });
      const third = await ask(after(second));
      expect(uidsOf(third)).toEqual(uids.slice(6));
      expect(third).toMatchObject({ has_next: false, next_cursor: null, has_previous: true });
    });

    it("goes back the same way, still newest first", async () => {
      const first = await ask();
      const second = await ask(after(first));
      const back = await ask(before(second));
      expect(uidsOf(back)).toEqual(uids.slice(0, 3));
      expect(back).toMatchObject({ has_previous: false, previous_cursor: null, has_next: true });
      expect(back.next_cursor).toEqual(first.next_cursor);
    });

    it("goes back page by page from the end", async () => {
      const end = await ask(after(await ask(after(await ask()))));
      const middle = await ask(before(end));
      expect(uidsOf(middle)).toEqual(uids.slice(3, 6));
      expect(middle).toMatchObject({ has_previous: true, has_next: true });
      expect(uidsOf(await ask(before(middle)))).toEqual(uids.slice(0, 3));
    });

    it("has one full page without cursors when the limit is the count", async () => {
      expect(await ask({ limit: 7 })).toMatchObject({ has_next: false, has_previous: false });
    });

    it("starts at the oldest when asked back without a cursor", async () => {
      const page = await ask({ direction: "previous" });
      expect(uidsOf(page)).toEqual(uids.slice(4));
      expect(page).toMatchObject({ has_previous: true, has_next: false, next_cursor: null });
    });

    it("takes a cursor time alone as strictly below or above it", async () => {
      const time = { cursor_created_at: TIMES[3] };
      expect(uidsOf(await ask(time))).toEqual(uids.slice(5));
      expect(uidsOf(await ask({ ...time, direction: "previous" }))).toEqual(uids.slice(0, 2));
    });

    it("limits the time from the start on, up to before the end", async () => {
      const page = await ask({
        limit: 50,
        start_datetime: TIMES[5],
        end_datetime: "2026-03-01T11:00:00.000005+01:00",
      });
      expect(uidsOf(page)).toEqual(uids.slice(1, 6));
    });

    it("filters by status", async () => {
      const { uid } = await registerAgent(database());
      await database().evalRecords.store(recordsFor(uid, 3));
      const withStatus = async (status: "Pending" | "All" | "Failed") =>
        (await ask({ service_info: { space: "any", uid }, status })).items;
      expect(await withStatus("Pending")).toHaveLength(3);
      expect(await withStatus("All")).toHaveLength(3);
      expect(await withStatus("Failed")).toEqual([]);
    });

    it("is empty for an unknown profile, and limited to 50 unless told", async () => {
      const unknown = { service_info: { space: "s", uid: "unknown" } };
      expect(await database().evalRecords.page(unknown)).toEqual({
        items: [],
        has_next: false,
        next_cursor: null,
        has_previous: false,
        previous_cursor: null,
      });
      const crowded = (await registerAgent(database())).uid;
      await database().evalRecords.store(Array.from({ length: 51 }, () => recordFor(crowded)));
      const page = await database().evalRecords.page({
        service_info: { space: "s", uid: crowded },
      });
      expect(page.items).toHaveLength(50);
      expect(page.has_next).toBe(true);
    });

    it.each([{ limit: 0 }, { limit: 1001 }, { cursor_created_at: "yesterday" }])(
      "refuses %o",
      async (request) => {
        await expect(ask(request)).rejects.toMatchObject({ kind: "invalid" });
      },
    );

    it("pages workflow results alike, whatever the status asked", async () => {
      const evaluated = (await registerAgent(database())).uid;
      await endEverythingDue(database());
      await database().evalRecords.store(Array.from({ length: 3 }, () => recordFor(evaluated)));
      const claimed = await database().evalRecords.claim({
        workerId: "w",
        limit: 3,
        leaseMs: 60_000,
      });
      await database().evalRecords.complete(
        claimed.map((item) => completionOf(item, ["passed", "skipped"])),
      );
      const request = { service_info: { space: "s", uid: evaluated }, limit: 2, status: "Failed" };
      const first = await database().evalRecords.workflowPage(request as never);
      const rest = await database().evalRecords.workflowPage({
        ...request,
        ...after(first),
      } as never);
      const found = [...first.items, ...rest.items];
      expect(found.map((item) => item.record_uid)).toEqual(
        claimed.map(({ record }) => record.uid).toReversed(),
      );
      expect(found[0]).toMatchObject({
        entity_uid: evaluated,
        total_tasks: 1,
        passed_tasks: 1,
        skipped_tasks: 1,
        pass_rate: 1,
        duration_ms: 12,
        execution_plan: { stages: [["task-0"]], nodes: {} },
      });
      expect(rest).toMatchObject({ has_next: false, has_previous: true });
    });
  });
}
