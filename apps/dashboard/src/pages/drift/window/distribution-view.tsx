import { Text } from "@mantine/core";
import type { DriftDistribution } from "@scouter/contracts";
import { BinsTable } from "./bins-table.tsx";
import { Comparison } from "./comparison.tsx";
import { FactList } from "./fact-list.tsx";
import { TaskTallies } from "./task-tallies.tsx";
import { ruleWords } from "../cell-words.ts";
import { formatCount, formatNumber } from "../../../format/number.ts";

/** What lies behind the verdict on a feature in a window, by kind of profile. */
export function DistributionView({ distribution }: { readonly distribution: DriftDistribution }) {
  return (
    <>
      <Figures distribution={distribution} />
      {distribution.profile_changed && (
        <Text size="sm">
          The profile was replaced after this window was computed: the baseline may be another one
          now.
        </Text>
      )}
    </>
  );
}

function Figures({ distribution }: { readonly distribution: DriftDistribution }) {
  switch (distribution.kind) {
    case "Psi":
      return <BinsTable distribution={distribution} />;
    case "Spc":
      return <ZoneFacts distribution={distribution} />;
    case "Custom":
      return <Comparison distribution={distribution} />;
    case "Agent":
      return (
        <>
          <Comparison distribution={distribution} />
          <TaskTallies tasks={distribution.tasks} />
        </>
      );
  }
}

interface ZoneFactsProps {
  readonly distribution: Extract<DriftDistribution, { readonly kind: "Spc" }>;
}

function ZoneFacts({ distribution }: ZoneFactsProps) {
  const { points, points_total: total, feature, centre } = distribution;
  const zones = [1, 2, 3, 4].map((zone) => [
    zone === 4 ? "Beyond 3σ" : `Zone ${String(zone)} (to ${String(zone)}σ)`,
    points.filter((point) => Math.abs(point.zone) === zone).length,
  ]);
  const band = ({ lower, upper }: { readonly lower: number; readonly upper: number }) =>
    `${formatNumber(lower)} to ${formatNumber(upper)}`;
  return (
    <FactList
      facts={[
        ["Rules that fired", feature.rules.map(ruleWords).join("; ") || "none"],
        ["Points", formatCount(total)],
        ...zones.map(
          ([name, many]) =>
            [
              String(name),
              `${formatCount(Number(many))} of ${formatCount(points.length)} points`,
            ] as const,
        ),
        ["Centre", formatNumber(centre)],
        ["±1σ", band(distribution.one_sigma)],
        ["±2σ", band(distribution.two_sigma)],
        ["±3σ", band(distribution.three_sigma)],
      ]}
    />
  );
}
