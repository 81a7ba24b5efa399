import type { AgentDistribution, CustomDistribution, DriftType } from "@scouter/contracts";
import { formatMeasure } from "../cell-words.ts";
import { FactList } from "./fact-list.tsx";
import { limitWords } from "./limit-words.ts";

interface ComparisonProps {
  readonly distribution: CustomDistribution | AgentDistribution;
}

/** One figure against its baseline and the limits beyond which it alerts. */
export function Comparison({ distribution }: ComparisonProps) {
  const { condition, value, kind } = distribution;
  const baseline = baselineOf(distribution);
  const text = (figure: number | null) => formatMeasure(figure, kind satisfies DriftType);
  return (
    <FactList
      facts={[
        [kind === "Agent" ? "Pass rate of the window" : "Mean of the window", text(value)],
        ["Baseline", text(baseline)],
        [
          "Difference",
          value === null || baseline === null ? text(null) : signed(value - baseline, text),
        ],
        ["Alerts", condition === null ? "never: no condition is set" : limitWords(condition, text)],
      ]}
    />
  );
}

function baselineOf(distribution: CustomDistribution | AgentDistribution): number | null {
  const ofCondition = distribution.condition?.baseline ?? null;
  return distribution.kind === "Custom" ? (distribution.baseline ?? ofCondition) : ofCondition;
}

function signed(difference: number, text: (figure: number) => string): string {
  return `${difference < 0 ? "−" : "+"}${text(Math.abs(difference))}`;
}
