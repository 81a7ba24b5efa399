import { evalRecordJson, type EvalRecordItem } from "../../record/eval-record.ts";
import { serialiseBatch } from "../batch-body.ts";
import type { BatchMaker } from "./batch-maker.ts";

/** Agent records: one record of the wire each. */
export function evalBatchMaker(entityUid: string): BatchMaker {
  return {
    takes: "eval",
    batchSize: undefined,
    make: (items, maxBytes) =>
      serialiseBatch(
        items.length,
        (index) => {
          const queued = items[index];
          if (queued === undefined) throw new TypeError("nothing is queued here");
          return evalRecordJson(queued.item as EvalRecordItem, entityUid, queued.traceId);
        },
        maxBytes,
      ),
  };
}
