import { Text } from "@mantine/core";
import type { SpcDistribution } from "@scouter/contracts";
import { useId } from "react";
import { formatCount, formatNumber } from "../../../format/number.ts";
import { formatTime, timeZoneName } from "../../../format/time.ts";
import { ruleWords } from "../cell-words.ts";
import { firedPlaces } from "./fired-places.ts";
import { controlScale, isOutOfBounds } from "./control-scale.ts";
import "./control-chart.css";

const WIDTH = 620;
const HEIGHT = 300;
/** At the right, for the names of the lines. */
const LABELS_PX = 84;
/** Between the names of two rules. */
const RULE_LINE_PX = 17;

/** A control chart of one window: centre, zones at 1, 2 and 3 sigma, points in the order in which they came. */
export function ControlChart({ chart }: { readonly chart: SpcDistribution }) {
  const id = useId();
  const { points, centre, one_sigma: one, two_sigma: two, three_sigma: three } = chart;
  const scale = controlScale(chart);
  const x = (index: number) => scale.x(index) * (WIDTH - LABELS_PX);
  const y = (value: number) => scale.y(value) * HEIGHT;
  const lines = [
    ["+3σ", three.upper],
    ["+2σ", two.upper],
    ["+1σ", one.upper],
    ["centre", centre],
    ["−1σ", one.lower],
    ["−2σ", two.lower],
    ["−3σ", three.lower],
  ] as const;
  const line = points
    .map(({ value }, at) => `${at === 0 ? "M" : "L"}${String(x(at))} ${String(y(value))}`)
    .join("");
  const outside = points.filter(({ zone }) => isOutOfBounds(zone)).length;
  return (
    <figure className="chart control-chart" aria-labelledby={id}>
      <Text id={id} component="figcaption" size="sm" fw={600}>
        Values of {chart.feature.name} in this window{" "}
        <span className="chart-unit">
          ({formatCount(points.length)} of {formatCount(chart.points_total)} points, in the
          feature’s unit)
        </span>
      </Text>
      <svg
        viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
        role="img"
        aria-label={`${formatCount(outside)} of ${formatCount(points.length)} points beyond 3 sigma; centre ${formatNumber(centre)}, 3 sigma from ${formatNumber(three.lower)} to ${formatNumber(three.upper)}`}
      >
        {[three, two, one].map((band, at) => (
          <rect
            key={at}
            className="control-zone"
            x={0}
            y={y(band.upper)}
            width={WIDTH - LABELS_PX}
            height={Math.max(0, y(band.lower) - y(band.upper))}
          />
        ))}
        {lines.map(([name, value]) => (
          <g key={name}>
            <line
              className={name === "centre" ? "control-centre" : "control-limit"}
              x1={0}
              x2={WIDTH - LABELS_PX}
              y1={y(value)}
              y2={y(value)}
            />
            <text x={WIDTH - LABELS_PX + 6} y={y(value) + 4}>
              {name} {formatNumber(value)}
            </text>
          </g>
        ))}
        <path className="control-line" d={line} />
        {points.map(({ at, value, zone }, index) => (
          <circle
            key={index}
            className="control-point"
            data-out={isOutOfBounds(zone)}
            cx={x(index)}
            cy={y(value)}
            r={isOutOfBounds(zone) ? 5 : 3}
          >
            <title>{`${formatTime(at)}: ${formatNumber(value)}, ${zoneWords(zone)}`}</title>
          </circle>
        ))}
        {firedPlaces(chart.feature.rules, points).map(({ rule, index, length }, order) => (
          <g key={`${rule.kind} ${rule.zone}`}>
            <line
              className="control-leader"
              x1={x(index)}
              x2={x(index)}
              y1={4 + order * RULE_LINE_PX}
              y2={y(points[index]?.value ?? centre)}
            />
            <text
              className="control-rule"
              x={x(index) + (index > points.length / 2 ? -5 : 5)}
              y={14 + order * RULE_LINE_PX}
              textAnchor={index > points.length / 2 ? "end" : "start"}
            >
              {ruleWords(rule)}
              {length > 1 && `, ${String(length)} points`}
            </text>
          </g>
        ))}
      </svg>
      <Text size="xs" c="dimmed">
        {points.length === 0
          ? "no points are stored of this window any more"
          : `points in the order of time, ${formatTime(points[0]?.at ?? "")} to ${formatTime(points.at(-1)?.at ?? "")} ${timeZoneName()}; filled and larger: beyond 3σ`}
      </Text>
    </figure>
  );
}

function zoneWords(zone: number): string {
  if (zone === 0) return "on the centre";
  return `zone ${String(Math.abs(zone))} ${zone > 0 ? "above" : "below"} the centre`;
}
