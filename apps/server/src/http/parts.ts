import type { AlertChannels } from "@scouter/alerts";
import type { Database } from "@scouter/database";
import type { Vocabulary } from "@scouter/evaluate";
import type { TraceLake } from "@scouter/lake";
import type { EvaluatedCharts } from "../archive/evaluated-charts.ts";
import type { ObservedCharts } from "../archive/observed-charts.ts";
import type { ObservedWindows } from "../archive/observed-windows.ts";
import type { Authenticator } from "../auth/authenticator.ts";
import type { KnownUsers } from "../auth/known-users.ts";
import type { PasswordLane } from "../auth/password-lane.ts";
import type { ProfileSpaces } from "../auth/profile-spaces.ts";
import type { RandomText } from "../auth/random-text.ts";
import type { Config } from "../config/config.ts";
import type { Ingest } from "../ingest/ingest.ts";
import type { FrameParts } from "./frame.ts";

/** What the routes of the API need. */
export interface ApiParts extends FrameParts {
  readonly config: Pick<Config, "http" | "ingest" | "auth" | "evaluation">;
  readonly database: Database;
  readonly lake: TraceLake;
  readonly charts: ObservedCharts;
  readonly evaluatedCharts: EvaluatedCharts;
  readonly observedWindows: ObservedWindows;
  readonly ingest: Ingest;
  readonly authenticator: Authenticator;
  /** To be told of changed users. */
  readonly knownUsers: KnownUsers;
  readonly passwords: PasswordLane;
  readonly randomText: RandomText;
  readonly profileSpaces: ProfileSpaces;
  readonly alertChannels: AlertChannels;
  /** What the tasks of profiles may name. */
  readonly vocabulary: Vocabulary;
}
