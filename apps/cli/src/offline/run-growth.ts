import type { EarlyStop, RunDocument } from "@scouter/contracts";
import type { CompareOptions } from "@scouter/evaluate";

/** Decides after whole rounds of repeats whether a run that is compared needs more (`--max-repeat`). */
export interface RunGrowth {
  /** @param candidate the run so far, every scenario with so many repeats */
  isEnough(candidate: () => Promise<RunDocument>, repeats: number): Promise<boolean>;
  /** For the saved run; undefined until `isEnough` said so. */
  readonly earlyStop: EarlyStop | undefined;
}

/** Looks are fixed before the first repeat: at other numbers of repeats nothing is compared. */
export async function runGrowth(
  baseline: RunDocument,
  maxRepeat: number,
  options: CompareOptions,
): Promise<RunGrowth> {
  const { nextLook } = await import("@scouter/evaluate");
  const first = nextLook({ baseline, candidate: undefined, maxRepeat, options });
  let wanted = first.kind === "run" ? first.repeats : maxRepeat;
  let earlyStop: EarlyStop | undefined;
  return {
    get earlyStop() {
      return earlyStop;
    },
    async isEnough(candidate, repeats) {
      if (repeats < wanted) return false;
      const next = nextLook({ baseline, candidate: await candidate(), maxRepeat, options });
      if (next.kind === "run") {
        wanted = next.repeats;
        return false;
      }
      earlyStop = next.earlyStop;
      return true;
    },
  };
}
