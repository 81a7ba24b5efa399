import { ScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";

/**
 * `DELTA_CONFLICT_TRANSACTION` with what the caller needs to go on: everything of `appId` up to `newestVersion`
 * (inclusive) is in the table already. Nothing of the refused commit was stored.
 */
export class TransactionConflict extends ScouterError {
  readonly appId: string;
  readonly newestVersion: number;

  constructor(appId: string, version: number, newestVersion: number) {
    super(errors.DELTA_CONFLICT_TRANSACTION({ appId, version, newest: newestVersion }).toJSON());
    this.appId = appId;
    this.newestVersion = newestVersion;
  }
}

export function isTransactionConflict(error: unknown): error is TransactionConflict {
  return error instanceof TransactionConflict;
}
