import { ingestLogContract } from "@scouter/testkit/contract/ingest-log";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { Client } from "pg";
import { openPostgresIngestLog, type PostgresIngestLog } from "./postgres-ingest-log.ts";

/** Nothing in these tests waits for either. */
const LIMITS = { leaseMs: 600_000, connectTimeoutMs: 60_000 };

await onPostgres("the ingest log's contract", (postgres) => {
  ingestLogContract("PostgresIngestLog", async () => {
    const uri = await postgres.migratedDatabase();
    const admin = new Client({ connectionString: uri });
    await admin.connect();
    return {
      open: (owner, clock) => openPostgresIngestLog({ uri, owner, clock, ...LIMITS }),
      abandon: async (log) => {
        await (log as PostgresIngestLog).abandon();
        // Nothing renews its leases any more, and time goes by.
        await admin.query(
          `update scouter.ingest_owner set lease_until = clock_timestamp() - interval '1 second'
            where holder = $1`,
          [log.owner],
        );
      },
      close: () => admin.end(),
    };
  });
});
