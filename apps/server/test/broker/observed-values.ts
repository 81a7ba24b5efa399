import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import { Client } from "pg";
import { driftProfiles } from "../fake/drift-profiles.ts";

/** Registers a custom-metric profile and returns its uid: records of it are stored as often as they arrive. */
export async function registerMetrics(httpUrl: string): Promise<string> {
  const response = await guestFetch(`${httpUrl}/scouter/profile`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      space: "weather",
      drift_type: "Custom",
      profile: JSON.stringify(driftProfiles.Custom),
      version_request: { version: null, version_type: "Minor", pre_tag: null, build_tag: null },
      active: false,
      deactivate_others: false,
    }),
  });
  const reply = (await response.json()) as { uid?: string };
  if (reply.uid === undefined) throw new Error(`no profile: ${JSON.stringify(reply)}`);
  return reply.uid;
}

/** A message of records whose values are the numbers from `first` on. */
export function metricsMessage(profileUid: string, first: number, count: number): Buffer {
  const created_at = new Date().toISOString();
  const records = Array.from({ length: count }, (_, index) => ({
    Custom: { created_at, uid: profileUid, metric: "mae", value: first + index, entity_id: 0 },
  }));
  return Buffer.from(JSON.stringify({ records }));
}

export interface StoredValues {
  readonly rows: number;
  readonly distinct: number;
}

/** What the database holds of the values, whatever a server says of it. */
export async function storedValues(databaseUri: string): Promise<StoredValues> {
  const client = new Client({ connectionString: databaseUri });
  await client.connect();
  try {
    const { rows } = await client.query<{ rows: string; distinct: string }>(
      `select count(*) as rows, count(distinct value) as distinct from scouter.custom_observation`,
    );
    return { rows: Number(rows[0]?.rows), distinct: Number(rows[0]?.distinct) };
  } finally {
    await client.end();
  }
}
