import type { PassRate } from "@scouter/contracts";
import { Text } from "@mantine/core";
import { formatPercent } from "../../../format/number.ts";
import { intervalText } from "../outcome-look.ts";
import "./rate-cell.css";

/** A pass rate with its interval, as figures and as a mark on a line from 0 to 100 %. */
export function RateCell({ rate }: { readonly rate: PassRate }) {
  const { pass_rate, lower, upper } = rate;
  if (pass_rate === null || lower === null || upper === null) {
    return (
      <Text span size="sm" c="dimmed">
        nothing evaluated
      </Text>
    );
  }
  return (
    <span className="rate-cell" title={`95 % interval: ${intervalText(lower, upper) ?? ""}`}>
      <span className="numeric rate-cell-figure">{formatPercent(pass_rate)}</span>
      <svg width={56} height={12} viewBox="0 0 56 12" aria-hidden="true">
        <line className="rate-cell-axis" x1={0} x2={56} y1={6} y2={6} />
        <rect
          className="rate-cell-interval"
          x={lower * 56}
          width={Math.max(1, (upper - lower) * 56)}
          y={3}
          height={6}
          rx={1}
        />
        <line className="rate-cell-mark" x1={pass_rate * 55} x2={pass_rate * 55} y1={0} y2={12} />
      </svg>
      <span className="numeric rate-cell-range">{intervalText(lower, upper)}</span>
    </span>
  );
}
