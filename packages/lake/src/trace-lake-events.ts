import type { ScouterError } from "@scouter/contracts";
import type { TraceSighting } from "./activity/trace-sighting.ts";
import type { PayloadFormat } from "./ingest-log/ingest-log.ts";
import type { LakeMaintenanceEvents } from "./maintenance/lake-maintenance.ts";

/** What the lake tells its owner; none of these may throw. */
export interface TraceLakeEvents extends LakeMaintenanceEvents {
  /** A logged entry that cannot be replayed. It is let go only after this resolved. */
  onDeadLetter(letter: DeadLetter): Promise<void>;
  /**
   * Spans of awaited traces are about to be readable everywhere (`isReadable` false), and then are. Awaited: while it
   * rejects nothing is committed (before), or nothing let go of (after), and both come again.
   */
  onSpansSeen?(sightings: readonly TraceSighting[], isReadable: boolean): Promise<void>;
  onFlush(flushed: {
    readonly spans: number;
    readonly deltaVersion: number;
    readonly tookMs: number;
  }): void;
  onFlushFailure(error: ScouterError): void;
  onReplay(replayed: {
    readonly owner: string;
    readonly entries: number;
    readonly spans: number;
  }): void;
  /** Another process took over what this one had in the log, as its lease ran out; it goes on as `newOwner`. */
  onOwnerLost?(lost: { readonly owner: string; readonly newOwner: string }): void;
  /** The logs of ended processes could not be looked for or replayed, or a new owner not taken; tried again. */
  onAdoptionFailure?(error: unknown): void;
  /** The worker died: nothing can be accepted any more. */
  onFatal(error: ScouterError): void;
}

export interface DeadLetter {
  readonly owner: string;
  readonly sequence: number | undefined;
  readonly reason: string;
  /** As it was in the log: compressed with zstd. Undefined for a damaged place. */
  readonly payload: Uint8Array | undefined;
  readonly format: PayloadFormat | undefined;
}
