import type { Database } from "@scouter/database";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alertListsContract } from "./repositories/alert-lists.ts";
import { alertsContract } from "./repositories/alerts.ts";
import { builtInAlertsContract } from "./repositories/built-in-alerts.ts";
import { deliveryContract } from "./repositories/delivery.ts";
import { driftBoardContract } from "./repositories/drift-board.ts";
import { driftWindowsContract } from "./repositories/drift-windows.ts";
import { evalRunsContract } from "./repositories/eval-runs.ts";
import { evaluatingAgainContract } from "./repositories/evaluating-again.ts";
import { evaluationDaysContract } from "./repositories/evaluation-days.ts";
import { evaluationResultsContract } from "./repositories/evaluation-results.ts";
import { evaluationsContract } from "./repositories/evaluations.ts";
import { judgeSpendContract } from "./repositories/judge-spend.ts";
import { leasesContract } from "./repositories/leases.ts";
import { messagesContract } from "./repositories/messages.ts";
import { observationDaysContract } from "./repositories/observation-days.ts";
import { observationsContract } from "./repositories/observations.ts";
import { overviewsContract } from "./repositories/overviews.ts";
import { pagesContract } from "./repositories/pages.ts";
import { preparedResultsContract } from "./repositories/prepared-results.ts";
import { profilesContract } from "./repositories/profiles.ts";
import { completionOf, recordFor, recordsFor, registerAgent } from "./repositories/samples.ts";
import { smallRepositoriesContract } from "./repositories/small-repositories.ts";
import { storingContract } from "./repositories/storing.ts";
import { traceActivitiesContract } from "./repositories/trace-activities.ts";
import { expectOneFirstUser, usersContract } from "./repositories/users.ts";

/** One place where a database lives, so that the suite can come back to it. */
export interface DatabasePlace {
  /** Opens the database of this place: empty at first, with what was stored later. */
  open(): Promise<Database>;
  /** Removes it; every database opened from it is closed by then. */
  remove(): Promise<void>;
}

/** What every database must do, whatever runs underneath. `makePlace` gives a new, empty place at each call. */
export function repositoriesContract(name: string, makePlace: () => Promise<DatabasePlace>): void {
  describe(`repositories on ${name}`, () => {
    let place: DatabasePlace;
    let db: Database;
    beforeAll(async () => {
      place = await makePlace();
      db = await place.open();
    });
    afterAll(async () => {
      await db.close();
      await place.remove();
    });

    profilesContract(() => db);
    storingContract(() => db);
    leasesContract(() => db);
    evaluatingAgainContract(() => db);
    preparedResultsContract(() => db);
    judgeSpendContract(() => db);
    pagesContract(() => db);
    observationsContract(() => db);
    observationDaysContract(() => db);
    messagesContract(() => db);
    deliveryContract(() => db);
    smallRepositoriesContract(() => db);
    evalRunsContract(() => db);
    driftWindowsContract(() => db);
    alertsContract(() => db);
    builtInAlertsContract(() => db);
    evaluationsContract(() => db);
    evaluationResultsContract(() => db);
    driftBoardContract(() => db);
    alertListsContract(() => db);
    overviewsContract(() => db);
    traceActivitiesContract(() => db);
    evaluationDaysContract(() => db);
    it("lets one of racing processes create the first users", () => expectOneFirstUser(db));
    usersContract(() => db);

    it("answers a ping and survives maintenance", async () => {
      const { uid } = await registerAgent(db);
      await db.evalRecords.store(recordsFor(uid, 3));
      await db.maintain();
      await db.ping();
      expect(await db.evalRecords.counts(uid)).toMatchObject({ pending: 3 });
    });
  });

  describe(`opening and closing on ${name}`, () => {
    let place: DatabasePlace;
    beforeAll(async () => {
      place = await makePlace();
    });
    afterAll(() => place.remove());

    it("keeps everything over a restart", async () => {
      const first = await place.open();
      const profile = await registerAgent(first);
      const items = recordsFor(profile.uid, 3);
      await first.evalRecords.store(items);
      const [claimed] = await first.evalRecords.claim({ workerId: "a", limit: 1, leaseMs: 0 });
      await first.evalRecords.complete([completionOf(claimed!)]);
      await first.close();

      const second = await place.open();
      expect(await second.profiles.byUid(profile.uid)).toEqual(profile);
      expect(await second.evalRecords.counts()).toMatchObject({ pending: 2, processed: 1 });
      expect(await second.evalRecords.store(items)).toEqual([
        "duplicate",
        "duplicate",
        "duplicate",
      ]);
      await second.close();
    });

    it("waits for calls under way when it closes, and refuses later ones", async () => {
      const db = await place.open();
      const { uid } = await registerAgent(db);
      const storing = Array.from({ length: 5 }, () => db.evalRecords.store([recordFor(uid)]));
      await db.close();
      expect((await Promise.all(storing)).flat()).toEqual(
        Array.from({ length: 5 }, () => "stored"),
      );
      const refused = { kind: "unavailable", code: "DATABASE_CLOSED" };
      await expect(db.ping()).rejects.toMatchObject(refused);
      await expect(db.profiles.byUid(uid)).rejects.toMatchObject(refused);
      await expect(db.listen("eval_records", () => {})).rejects.toMatchObject(refused);
      await db.close();
    });
  });
}
