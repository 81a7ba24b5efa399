import { hostname } from "node:os";
import type { AlertChannel } from "@scouter/alerts";
import { systemClock, type Clock } from "@scouter/contracts";
import {
  openPglite,
  openPostgres,
  openPostgresIngestLog,
  type Database,
  type PostgresIngestLogOptions,
  type PostgresOptions,
} from "@scouter/database";
import type { EvaluationExtensions, JudgeProvider } from "@scouter/evaluate";
import {
  giveLakeId,
  lakeIdOf,
  openFileIngestLog,
  openEvaluationArchive,
  openObservationArchive,
  openTraceLake,
  type ArchiveOptions,
  type EvaluationArchive,
  type IngestLog,
  type LakePlace,
  type ObservationArchive,
  type TraceLake,
  type TraceLakeOptions,
} from "@scouter/lake";
import type { DestinationStream } from "pino";

/** Everything that `compose` takes from outside the server's own code; tests hand in stand-ins. */
export interface Outside {
  readonly clock: Clock;
  readonly hostName: string;
  readonly pid: number;
  /** Where log lines go. Standard output is left to the command that runs the server. */
  readonly logOutput: DestinationStream;
  /** Beside the built-in ones; a profile names them with `{"Other": {"name": ...}}`. */
  readonly alertChannels?: readonly AlertChannel[];
  /** Operators and task types that profiles may name, beside the built-in ones. */
  readonly evaluationExtensions?: EvaluationExtensions;
  /** Judges' models by the provider's name in prompts, lower case; beside the built-in ones. */
  readonly judgeProviders?: ReadonlyMap<string, JudgeProvider>;
  openPglite(options: { readonly folder: string; readonly clock: Clock }): Promise<Database>;
  openPostgres(options: PostgresOptions): Promise<Database>;
  openIngestLog(options: {
    readonly root: string;
    readonly owner: string;
    readonly clock: Clock;
  }): Promise<IngestLog>;
  openPostgresIngestLog(options: PostgresIngestLogOptions): Promise<IngestLog>;
  lakeIdOf(place: LakePlace): Promise<string | undefined>;
  giveLakeId(place: LakePlace, newId: string): Promise<string>;
  openEvaluationArchive(options: ArchiveOptions): EvaluationArchive;
  openObservationArchive(options: ArchiveOptions): ObservationArchive;
  openTraceLake(options: TraceLakeOptions): Promise<TraceLake>;
}

export const realOutside: Outside = {
  clock: systemClock,
  hostName: hostname(),
  pid: process.pid,
  logOutput: process.stderr,
  openPglite,
  openPostgres,
  openIngestLog: openFileIngestLog,
  openPostgresIngestLog,
  lakeIdOf,
  giveLakeId,
  openEvaluationArchive,
  openObservationArchive,
  openTraceLake,
};
