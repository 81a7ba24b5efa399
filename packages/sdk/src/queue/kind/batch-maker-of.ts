import type { CustomProfile, PsiProfile, SpcProfile } from "@scouter/contracts";
import type { BatchMaker } from "./batch-maker.ts";
import { customBatchMaker } from "./custom-batch.ts";
import { evalBatchMaker } from "./eval-batch.ts";
import { psiBatchMaker } from "./psi-batch.ts";
import { spcBatchMaker } from "./spc-batch.ts";

/** A profile that watches a model, as it was registered. */
export type WatchingProfile = SpcProfile | PsiProfile | CustomProfile;

/** @param watches undefined: an agent's profile, whose records are sent one by one */
export function batchMakerOf(entityUid: string, watches: WatchingProfile | undefined): BatchMaker {
  if (watches === undefined) return evalBatchMaker(entityUid);
  if ("metrics" in watches) return customBatchMaker(entityUid, watches as CustomProfile);
  return "binning_strategy" in watches.config
    ? psiBatchMaker(entityUid, watches as PsiProfile)
    : spcBatchMaker(entityUid, watches as SpcProfile);
}
