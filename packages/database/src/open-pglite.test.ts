import { systemClock } from "@scouter/contracts";
import { repositoriesContract } from "@scouter/testkit/contract/repositories";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPglite } from "./open-pglite.ts";

repositoriesContract("PGlite", async () => {
  const home = await mkdtemp(join(tmpdir(), "scouter-pglite-"));
  return {
    open: () => openPglite({ folder: join(home, "database"), clock: systemClock }),
    remove: () => rm(home, { recursive: true, force: true }),
  };
});
