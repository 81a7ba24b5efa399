import type { ControlPoint, FiredRule } from "@scouter/contracts";

/** A rule that fired, and the point at which its run is the longest. */
export interface FiredPlace {
  readonly rule: FiredRule;
  readonly index: number;
  /** Points of the run up to this one, within the window. */
  readonly length: number;
}

/**
 * Where to name each rule. The verdict says that a rule fired, not where: the place is the end of the longest run of its
 * kind among the points shown. A rule whose run lies before the shown points has no place.
 */
export function firedPlaces(
  rules: readonly FiredRule[],
  points: readonly Pick<ControlPoint, "zone">[],
): readonly FiredPlace[] {
  const codes = points.map(({ zone }) => zone);
  return rules.flatMap((rule) => {
    let best: FiredPlace | undefined;
    codes.forEach((code, index) => {
      const isEnd = rule.zone === "NotApplicable" || Math.abs(code) === zoneNumber(rule);
      const length = isEnd ? runUpTo(codes, index, rule) : 0;
      if (length > (best?.length ?? 0)) best = { rule, index, length };
    });
    return best === undefined ? [] : [best];
  });
}

/** Points of the run that ends at `end`; 0 when there is none. */
function runUpTo(codes: readonly number[], end: number, rule: FiredRule): number {
  const zone = zoneNumber(rule);
  const first = codes[end] ?? 0;
  if (rule.kind !== "Trend" && Math.abs(first) < zone) return 0;
  let length = 1;
  let direction = 0;
  for (let at = end; at > 0; at -= 1) {
    const after = codes[at] ?? 0;
    const code = codes[at - 1] ?? 0;
    const step = Math.sign(after - code);
    if (rule.kind === "Trend") {
      if (step === 0 || (direction !== 0 && step !== direction)) break;
      direction = step;
    } else {
      const isSameSide = Math.sign(code) === Math.sign(after);
      if (Math.abs(code) < zone || isSameSide === (rule.kind === "Alternating")) break;
    }
    length += 1;
  }
  return length;
}

function zoneNumber({ zone }: FiredRule): number {
  return zone === "NotApplicable" ? 0 : Number(zone.slice(-1));
}
