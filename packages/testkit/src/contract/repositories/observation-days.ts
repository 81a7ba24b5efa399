import type { Database, ObservationKind } from "@scouter/database";
import { describe, expect, it } from "vitest";
import { endEveryWindow } from "./drift-samples.ts";
import { observeSome, windowsAround } from "./observations.ts";

/** The day of `received_at` as the database writes it; tests around midnight ask for the one of now. */
async function today(db: Database): Promise<string> {
  return new Date(await db.driftWindows.nowMs()).toISOString().slice(0, 10);
}

async function rowsOf(db: Database, kind: ObservationKind, day: string) {
  const rows: Record<string, unknown>[] = [];
  for await (const piece of db.observationDays.rows({ kind, day })) {
    const lines = piece.text.split("\n").filter((line) => line !== "");
    expect(lines).toHaveLength(piece.rows);
    rows.push(...lines.map((line) => JSON.parse(line) as Record<string, unknown>));
  }
  return rows;
}

export function observationDaysContract(database: () => Database): void {
  describe.each(["Spc", "Psi", "Custom"] as const)("days of observations, %s", (kind) => {
    /** Of three observations, as `observeSome` makes them. */
    const expected = [0, 1, 2].map((value) => ["speed", ...(kind === "Psi" ? [1, 1] : [value])]);

    it("are prepared once, whoever asks, and take rows that came before them", async () => {
      const { observations, observationDays } = database();
      const { uid } = await observeSome(database(), kind, 3);
      await Promise.all([observationDays.prepare(2), observationDays.prepare(2)]);
      await observationDays.prepare(2);
      const [until] = windowsAround(Date.now() + 60_000);
      expect(await observations.rowCount(uid, until)).toBe(3);
      const rows = await rowsOf(database(), kind, await today(database()));
      const own = rows.filter((row) => row["profile_uid"] === uid);
      const values = own.map(({ series, value, bin_id, bin_count }) =>
        kind === "Psi" ? [series, bin_id, bin_count] : [series, value],
      );
      expect(values).toHaveLength(3);
      expect(values).toEqual(expect.arrayContaining(expected));
    });

    it("are not to be archived before their age", async () => {
      const { observationDays } = database();
      await observeSome(database(), kind, 1);
      await observationDays.prepare(0);
      await endEveryWindow(database());
      expect(await observationDays.toArchive(0)).toEqual([]);
    });

    it("are ended with all of their rows, and only when none is missing", async () => {
      const { observations, observationDays } = database();
      const { uid } = await observeSome(database(), kind, 2);
      await observationDays.prepare(0);
      const day = { kind, day: await today(database()) };
      const rows = await rowsOf(database(), kind, day.day);
      const [until] = windowsAround(Date.now() + 60_000);
      expect(await observationDays.finish(day, rows.length - 1)).toBe("changed");
      expect(await observations.rowCount(uid, until)).toBe(2);
      expect(await observationDays.archived(kind)).toEqual([]);
      expect(await observationDays.finish(day, rows.length)).toBe("done");
      expect(await observations.rowCount(uid, until)).toBe(0);
      expect(await observationDays.archived(kind)).toEqual([day.day]);
    });

    it("that were archived stay so: what is stored in them later stays in the database", async () => {
      const { observations, observationDays } = database();
      const { uid } = await observeSome(database(), kind, 4);
      await observationDays.prepare(1);
      const [until] = windowsAround(Date.now() + 60_000);
      expect(await observations.rowCount(uid, until)).toBe(4);
      expect(await observationDays.archived(kind)).toHaveLength(1);
    });

    it("that the archive let go of leave the list, and what is in them later is a new day", async () => {
      const { observationDays } = database();
      const day = await today(database());
      const after = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
      expect(await observationDays.archivedFor(0)).toContainEqual({ kind, day });
      expect(await observationDays.archivedFor(3_600_000)).toEqual([]);
      expect(await observationDays.archived(kind, { first: after, last: after })).toEqual([]);
      expect(await observationDays.archived(kind, { first: day, last: day })).toEqual([day]);
      // Today has not ended yet, let alone a day ago.
      expect(await observationDays.expiredBefore(0)).toBeUndefined();
      await observationDays.forgetArchived(day);
      expect(await observationDays.archived(kind)).toEqual([day]);
      await observationDays.forgetArchived(after);
      expect(await observationDays.archived(kind)).toEqual([]);
      await observeSome(database(), kind, 1);
      await observationDays.prepare(0);
      const rows = await rowsOf(database(), kind, day);
      expect(await observationDays.finish({ kind, day }, rows.length)).toBe("done");
      expect(await observationDays.archived(kind)).toEqual([day]);
    });
  });
}
