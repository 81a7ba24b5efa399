import type { JsonObject } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import type { Client } from "pg";

export interface DueLoad {
  readonly profiles: number;
  readonly features: number;
  readonly bins: number;
  /** Stored rows of each bin of each feature, as many as an SDK that reports once a minute sends in an hour. */
  readonly rows: number;
}

const REGISTERED_AT_ONCE = 8;

/** Daily, so that one window of each profile ends at the next midnight, and none while rows are stored. */
export async function registerDueProfiles(database: Database, load: DueLoad): Promise<void> {
  let next = 0;
  const registerNext = async (): Promise<void> => {
    const number = next++;
    if (number >= load.profiles) return;
    await database.profiles.register({
      space: "bench",
      name: `model-${number}`,
      driftType: "Psi",
      profile: psiBody(`model-${number}`, load),
      versionRequest: { version_type: "Minor" },
      active: true,
      deactivateOthers: false,
    });
    await registerNext();
  };
  await Promise.all(Array.from({ length: REGISTERED_AT_ONCE }, registerNext));
}

function psiBody(name: string, { features, bins }: DueLoad): JsonObject {
  const names = Array.from({ length: features }, (_, index) => `feature_${index}`);
  const edge = (id: number) => (id === 0 ? "-inf" : id === bins ? "inf" : id / bins);
  const feature = (id: string) => ({
    id,
    bin_type: "Numeric",
    timestamp: "2026-01-01T00:00:00Z",
    baseline_count: 10_000,
    bins: Array.from({ length: bins }, (_, index) => ({
      id: index + 1,
      lower_limit: edge(index),
      upper_limit: edge(index + 1),
      proportion: 1 / bins,
    })),
  });
  return {
    features: Object.fromEntries(names.map((id) => [id, feature(id)])),
    config: {
      space: "bench",
      name,
      version: "0.1.0",
      uid: "u",
      drift_type: "Psi",
      binning_strategy: { QuantileBinning: { num_bins: bins } },
      feature_map: { features: {} },
      alert_config: {
        schedule: "0 0 0 * * *",
        features_to_monitor: names,
        dispatch_config: { Console: { enabled: true } },
        threshold: { ChiSquare: { alpha: 0.05 } },
        form: "calibrated",
        min_effect: 0.1,
        false_discovery: "bh",
      },
    },
    scouter_version: "0.1.0",
  };
}

/** As the migrations make them. */
const INDEXES = {
  psi_observation_received: "(profile_id, received_at)",
  psi_observation_created: "(profile_id, created_at)",
} as const;
/** While rows are stored nothing is to be safe; the measurement runs with the settings of every server. */
const HASTY = ["fsync = off", "full_page_writes = off", "max_wal_size = '8GB'"];

/**
 * Straight into the table: taking them in is another measurement. Batches come one after another, as from live models, so
 * that the rows of a profile lie in as many places; the indexes are made at the end. One profile in ten has drifted, in all of
 * its features: its first bin holds five times its share.
 *
 * @param onBatch called after each batch, with its number from 1
 */
export async function observeDueProfiles(
  client: Client,
  load: DueLoad,
  onBatch: (row: number) => void = () => undefined,
): Promise<void> {
  for (const setting of HASTY) await client.query(`alter system set ${setting}`);
  await client.query("select pg_reload_conf()");
  for (const name of Object.keys(INDEXES)) await client.query(`drop index scouter.${name}`);
  for (let row = 0; row < load.rows; row += 1) {
    await client.query(
      `insert into scouter.psi_observation
         (profile_id, series_id, received_at, created_at, position, bin_id, bin_count)
       select s.profile_id, s.id, statement_timestamp(), statement_timestamp(), 0, bin,
         case when bin = 1 and s.profile_id % 10 = 0 then 10 else 2 end
       from scouter.observed_series s, generate_series(1, $1::integer) bin
       order by s.profile_id, s.id`,
      [load.bins],
    );
    onBatch(row + 1);
  }
  await client.query("set maintenance_work_mem = '1GB'");
  for (const [name, columns] of Object.entries(INDEXES)) {
    await client.query(`create index ${name} on scouter.psi_observation ${columns}`);
  }
  await client.query("vacuum (analyze)");
  for (const setting of HASTY) {
    await client.query(`alter system reset ${setting.split(" ", 1)[0] ?? ""}`);
  }
  await client.query("select pg_reload_conf()");
  await client.query("checkpoint");
}
