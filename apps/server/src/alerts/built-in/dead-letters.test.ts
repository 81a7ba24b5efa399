import { AlertChannels, type AlertMessage } from "@scouter/alerts";
import { systemClock, type DispatchConfig } from "@scouter/contracts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../test/fake/api-fixture.ts";
import { aroundNow, realDatabase, type RealDatabase } from "../../../test/fake/real-database.ts";
import { agentEval, profileRequestOf, sampleProfile } from "../../../test/fake/samples.ts";
import { AlertDelivery } from "../../workers/alert-delivery.ts";
import { BuiltInAlertWorker } from "../../workers/built-in-alert-worker.ts";
import { builtInRules } from "./built-in-rule.ts";

const STANDARD: DispatchConfig = { Other: { name: "pager" } };

let real: RealDatabase;
let fixture: ApiFixture;
let uid: string;
let delivered: AlertMessage[];

beforeAll(async () => {
  real = await realDatabase();
  fixture = await apiFixture({}, real.database);
}, 60_000);
afterAll(async () => {
  await fixture.close();
  await real.remove();
});
beforeEach(async () => {
  delivered = [];
  const payload = { ...profileRequestOf(sampleProfile()), active: true };
  const reply = await fixture.app.inject({ method: "POST", url: "/scouter/profile", payload });
  uid = reply.json<{ uid: string }>().uid;
});

const claimAll = () =>
  real.database.evalRecords.claim({ workerId: "w", limit: 9, leaseMs: 60_000 });

async function giveUp(...recordUids: readonly string[]): Promise<void> {
  const records = recordUids.map((recordUid) => agentEval(uid, recordUid));
  await fixture.app.inject({ method: "POST", url: "/scouter/message", payload: { records } });
  for (const { claim } of await claimAll()) {
    await real.database.evalRecords.fail(claim, { error: "the profile's model is gone" });
  }
}

function refuse(error: unknown): never {
  throw error;
}

/** One look of the server at itself, and its messages on their way. */
async function look(): Promise<void> {
  const { database } = real;
  const worker = new BuiltInAlertWorker({
    database,
    rules: builtInRules(database),
    clock: systemClock,
    nowMs: () => database.driftWindows.nowMs(),
    dispatch: STANDARD,
    holder: "test",
    events: {
      onChanged: () => undefined,
      onRuleFailed: (_rule, error) => refuse(error),
      onTrouble: refuse,
    },
  });
  await worker.runOnce();
  const { pending } = await database.alertOutbox.counts();
  if (pending === 0) return;
  const told = Promise.withResolvers<void>();
  const delivery = new AlertDelivery({
    database,
    clock: systemClock,
    channels: new AlertChannels([
      {
        name: "pager",
        deliver: async ({ message }) => {
          delivered.push(message);
        },
      },
    ]),
    maxRetries: 0,
    workerId: "delivery",
    events: {
      onDelivered: () => told.resolve(),
      onFailed: (_key, error) => told.reject(error),
      onTrouble: (error) => told.reject(error),
    },
  });
  await delivery.start();
  await told.promise;
  await delivery.stop();
}

const post = (path: string) =>
  fixture.app.inject({
    method: "POST",
    url: `/scouter/v2/evaluations/${path}`,
    payload: { profile_uid: uid },
  });
const listed = async () => {
  const reply = await fixture.app.inject(`/scouter/v2/alerts?uid=${uid}&${aroundNow()}`);
  return reply.json<{ items: { id: number; status: string }[] }>().items;
};

describe("the alert of dead letters", () => {
  it.each(["again", "discard"])("is listed, told once, and over after '%s'", async (way) => {
    await giveUp(`${way}-1`, `${way}-2`);
    await look();
    await look();
    expect(await listed()).toMatchObject([
      { status: "active", feature: "dead-letters", last_value: 2 },
    ]);
    expect(delivered).toMatchObject([
      { event: "trigger", built_in: "dead-letters", profile_uid: uid, dispatch_config: STANDARD },
    ]);
    expect(delivered[0]?.text).toContain(
      "2 records could not be evaluated: the profile's model is gone",
    );
    expect((await post(way)).json()).toEqual({ records: 2 });
    await look();
    expect(await listed()).toMatchObject([{ status: "resolved" }]);
    // A channel that keeps no incidents does not hear of the end.
    expect(delivered).toHaveLength(1);
    await claimAll();
  });

  it("stands with its message on its own page", async () => {
    await giveUp("page-1");
    await look();
    const [item] = await listed();
    const detail = await fixture.app.inject(`/scouter/v2/alerts/${item?.id}`);
    expect(detail.json()).toMatchObject({ deliveries: [{ status: "delivered" }] });
  });
});
