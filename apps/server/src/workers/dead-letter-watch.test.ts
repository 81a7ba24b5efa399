import { AlertChannels, type AlertMessage } from "@scouter/alerts";
import { systemClock, type DispatchConfig } from "@scouter/contracts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../test/fake/api-fixture.ts";
import { aroundNow, realDatabase, type RealDatabase } from "../../test/fake/real-database.ts";
import { agentEval, profileRequestOf, sampleProfile } from "../../test/fake/samples.ts";
import { AlertDelivery } from "./alert-delivery.ts";
import { DeadLetterWatch } from "./dead-letter-watch.ts";

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

async function giveUp(...recordUids: readonly string[]): Promise<void> {
  const records = recordUids.map((recordUid) => agentEval(uid, recordUid));
  await fixture.app.inject({ method: "POST", url: "/scouter/message", payload: { records } });
  const { evalRecords } = real.database;
  for (const { claim } of await evalRecords.claim({ workerId: "w", limit: 9, leaseMs: 60_000 })) {
    await evalRecords.fail(claim, { error: "the profile's model is gone" });
  }
}

/** One look, and its messages on their way. */
async function look(): Promise<void> {
  const onTrouble = (error: unknown) => {
    throw error;
  };
  const parts = { database: real.database, clock: systemClock, onTrouble };
  const watch = new DeadLetterWatch({ ...parts, standard: STANDARD });
  watch.start();
  for (;;) {
    const changes = await real.database.deadLetterAlerts.changes();
    if (changes.length === 0) break;
  }
  await watch.stop();
  const deliver = async ({ message }: { readonly message: AlertMessage }) => {
    delivered.push(message);
  };
  const delivery = new AlertDelivery({
    database: real.database,
    clock: systemClock,
    channels: new AlertChannels([{ name: "pager", deliver }]),
    maxRetries: 0,
    workerId: "delivery",
    events: {
      onDelivered: () => undefined,
      onFailed: (_key, error) => onTrouble(error),
      onTrouble,
    },
  });
  await delivery.start();
  for (;;) {
    const { pending, sending } = await real.database.alertOutbox.counts();
    if (pending + sending === 0) break;
  }
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
  return reply.json<{ items: { status: string; text: string; last_value: number }[] }>().items;
};

describe("an alert of dead letters", () => {
  it.each(["again", "discard"])("is listed, told, and over after '%s'", async (way) => {
    await giveUp(`${way}-1`, `${way}-2`);
    await look();
    expect(await listed()).toMatchObject([
      { status: "active", text: "'records given up' was 2, baseline 0", last_value: 2 },
    ]);
    expect(delivered).toMatchObject([
      {
        event: "trigger",
        profile_uid: uid,
        title: "Records given up in",
        text: "2 records could not be evaluated: the profile's model is gone",
        dispatch_config: STANDARD,
      },
    ]);
    expect((await post(way)).json()).toEqual({ records: 2 });
    await look();
    expect(await listed()).toMatchObject([{ status: "resolved" }]);
    // A channel that keeps no incidents does not hear of the end.
    expect(delivered).toHaveLength(1);
    if (way === "again")
      await real.database.evalRecords.claim({ workerId: "w", limit: 9, leaseMs: 60_000 });
  });

  it("stands with its message on its own page", async () => {
    await giveUp("page-1");
    await look();
    const reply = await fixture.app.inject(`/scouter/v2/alerts?uid=${uid}&${aroundNow()}`);
    const [item] = reply.json<{ items: { id: number }[] }>().items;
    const detail = await fixture.app.inject(`/scouter/v2/alerts/${item?.id}`);
    expect(detail.json()).toMatchObject({ deliveries: [{ status: "delivered" }] });
  });
});
