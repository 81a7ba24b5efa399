import { defineErrors } from "@scouter/contracts";

/** The package's error catalogue; see docs/reference/errors. */
export const errors = defineErrors({
  STATS_NO_VALUES: {
    kind: "invalid",
    message: (p: { what: string; need: number; got: number }) =>
      `${p.what} needs at least ${p.need} ${p.need === 1 ? "value" : "values"}, got ${p.got}`,
    remedy: "give more values; count only finite ones",
  },
  STATS_ARGUMENT_OUT_OF_RANGE: {
    kind: "invalid",
    message: (p: { argument: string; given: number; allowed: string }) =>
      `${p.argument} is ${p.given}: expected ${p.allowed}`,
    remedy: "correct the argument",
  },
  STATS_TOO_FEW_BINS: {
    kind: "invalid",
    message: (p: { given: number }) => `a binning needs at least 2 bins, got ${p.given}`,
    remedy: "ask for 2 or more bins",
  },
});

/** Throws unless `holds`. `allowed` tells the range in words, for example "a number in (0, 1)". */
export function checkArgument(
  holds: boolean,
  argument: string,
  given: number,
  allowed: string,
): void {
  if (!holds) throw errors.STATS_ARGUMENT_OUT_OF_RANGE({ argument, given, allowed });
}
