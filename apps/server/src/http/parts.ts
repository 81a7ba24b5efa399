import type { Database } from "@scouter/database";
import type { TraceLake } from "@scouter/lake";
import type { Config } from "../config/config.ts";
import type { Ingest } from "../ingest/ingest.ts";
import type { FrameParts } from "./frame.ts";

/** What the routes of the API need. */
export interface ApiParts extends FrameParts {
  readonly config: Pick<Config, "http" | "ingest">;
  readonly database: Database;
  readonly lake: TraceLake;
  readonly ingest: Ingest;
}
