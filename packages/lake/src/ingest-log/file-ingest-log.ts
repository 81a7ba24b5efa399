import type { Clock } from "@scouter/contracts";
import type { IngestLog } from "./ingest-log.ts";

export interface FileIngestLogOptions {
  /** Folder of the log; made when missing. One process at a time may use it. */
  readonly root: string;
  /** This process start: a fresh UUIDv7 in lower case. */
  readonly owner: string;
  readonly clock: Clock;
  /** A segment file is closed at this size; default 64 MB. */
  readonly segmentBytes?: number;
}

/** Opens the log, refills the digests of the last 15 minutes and clears folders that hold nothing. */
export async function openFileIngestLog(_options: FileIngestLogOptions): Promise<IngestLog> {
  throw new Error("not written yet");
}
