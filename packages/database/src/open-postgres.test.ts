import { systemClock } from "@scouter/contracts";
import { repositoriesContract } from "@scouter/testkit/contract/repositories";
import { onPostgres } from "@scouter/testkit/postgres/test-postgres";
import { openPostgres } from "./open-postgres.ts";

await onPostgres("the contract", (postgres) => {
  repositoriesContract("PostgreSQL", async () => {
    const uri = await postgres.migratedDatabase();
    return {
      open: () => openPostgres({ uri, clock: systemClock, connectTimeoutMs: 60_000 }),
      remove: () => Promise.resolve(),
    };
  });
});
