import type { AlertExplanation, CarrierBin, DriftDistribution } from "@scouter/contracts";
import type { AlertEntry, FeatureInWindow } from "@scouter/database";
import { plainDecimal } from "@scouter/drift";
import { cellOf, cellStatusOfWindow, cellWithout } from "../drift/feature-figures.ts";

/** Bins that carry this much of the index together are told in words; the rest is noise around them. */
const TOLD_SHARE = 0.8;
const MOST_TOLD = 5;

/** Why an alert stands where it stands: the window's data held against the baseline, and the windows around it. */
export function explainAlert(
  entry: AlertEntry,
  distribution: DriftDistribution,
  around: readonly FeatureInWindow[],
): AlertExplanation {
  const carriers = carriersOf(distribution);
  const neighbours = around.map(neighbourOf);
  const referenceSize = distribution.kind === "Psi" ? distribution.reference_count : null;
  return {
    alert_id: entry.id,
    distribution,
    sentences: [
      ...verdictSentences(distribution),
      ...carrierSentences(carriers),
      ...sizeSentences(distribution, referenceSize),
      ...neighbourSentences(neighbours, distribution.window_id),
    ],
    carriers,
    reference_size: referenceSize,
    window_size: distribution.feature.sample_size,
    neighbours,
  };
}

function carriersOf(distribution: DriftDistribution): CarrierBin[] {
  if (distribution.kind !== "Psi") return [];
  const { bins, feature } = distribution;
  const index = feature.value ?? 0;
  return bins
    .flatMap(({ id, label, reference, current, current_count, psi_term }): CarrierBin[] => {
      if (current === null || psi_term === null) return [];
      const share_of_psi = index > 0 ? psi_term / index : 0;
      const direction = current >= reference ? "more" : "fewer";
      return [{ id, label, reference, current, current_count, psi_term, share_of_psi, direction }];
    })
    .toSorted((a, b) => b.psi_term - a.psi_term || a.id - b.id);
}

function verdictSentences(distribution: DriftDistribution): string[] {
  const { feature, profile_changed } = distribution;
  const { value, threshold, p_value: p, adjusted_p_value: adjusted, rules } = feature;
  const name = `'${feature.name}'`;
  const changed = profile_changed
    ? ["The profile was replaced after this window was computed: the baseline may be another one."]
    : [];
  const verdict = () => {
    if (distribution.kind === "Spc") {
      if (rules.length === 0) return [`${name}: no rule fired in this window.`];
      const fired = rules.map(({ kind, zone }) => `${kind} (${zone})`).join(", ");
      return [`${name} left control: ${fired}.`];
    }
    if (value === null) return [`${name} has no figure in this window (${feature.status}).`];
    const figure = { Psi: "PSI", Custom: "mean", Agent: "pass rate" }[distribution.kind];
    const limit = threshold === null ? "no limit" : `a limit of ${short(threshold)}`;
    return [`The ${figure} of ${name} was ${short(value)}, against ${limit}.`];
  };
  const chance =
    p === null
      ? []
      : [
          `A window without drift would show as much with probability ${short(p)}` +
            (adjusted === null || adjusted === p
              ? "."
              : `, ${short(adjusted)} after the correction for the features of the window.`),
        ];
  const unseen =
    distribution.kind === "Psi" && distribution.unseen.rows > 0
      ? [
          `${distribution.unseen.rows} rows (${percent(distribution.unseen.share)}) are of categories that the baseline does not have.`,
        ]
      : [];
  return [...verdict(), ...chance, ...unseen, ...changed];
}

function carrierSentences(carriers: readonly CarrierBin[]): string[] {
  const told: CarrierBin[] = [];
  let together = 0;
  for (const bin of carriers) {
    if (together >= TOLD_SHARE || told.length === MOST_TOLD || bin.psi_term <= 0) break;
    told.push(bin);
    together += bin.share_of_psi;
  }
  if (told.length === 0) return [];
  const each = told.map(
    ({ label, reference, current, share_of_psi: share }) =>
      `${label} (${percent(share)} of it: ${percent(current)} of the rows, ${percent(reference)} in the baseline)`,
  );
  const carry = told.length === 1 ? "One bin carries" : `${told.length} bins carry`;
  return [`${carry} ${percent(together)} of the PSI: ${each.join("; ")}.`];
}

function sizeSentences({ feature }: DriftDistribution, referenceSize: number | null): string[] {
  const { sample_size: size, needed } = feature;
  if (size === null) return [];
  const against = referenceSize === null ? "" : `, the baseline of ${referenceSize}`;
  const lacking = needed === null ? "" : `; ${needed} are needed`;
  return [`The window's figure is of ${size}${against}${lacking}.`];
}

function neighbourSentences(
  neighbours: AlertExplanation["neighbours"],
  windowId: number,
): string[] {
  const others = neighbours.filter(({ window_id: id }) => id !== windowId);
  if (others.length === 0) return ["There is no other window to compare with yet."];
  const alerting = others.filter(({ status }) => status === "alert").length;
  return [`Of the ${others.length} windows around it ${alerting} alerted too.`];
}

function neighbourOf({ windowId, windowEnd, status, feature }: FeatureInWindow) {
  const cell = feature === null ? cellWithout(cellStatusOfWindow[status]) : cellOf(feature);
  return {
    window_id: windowId,
    window_end: windowEnd,
    status: cell.status,
    value: cell.value,
    threshold: cell.threshold,
    sample_size: cell.sample_size,
  };
}

function short(value: number): string {
  return plainDecimal(Number(value.toPrecision(3)));
}

function percent(share: number): string {
  return `${plainDecimal(Number((share * 100).toPrecision(3)))} %`;
}
