import { formatDuration } from "../../format/number.ts";
import { ticksOf, type TimeWindow } from "./time-window.ts";
import { GRID_TICKS, placeInWindow } from "./waterfall-paint.ts";

/** A label further right would be cut off. */
const LAST_LABEL = 0.88;

interface TimeAxisProps {
  readonly window: TimeWindow;
  /** Under the pointer, 0 to 1 of the width. */
  readonly hover: number | undefined;
}

/** Time since the trace's start, over the bars. */
export function TimeAxis({ window, hover }: TimeAxisProps) {
  const hoverNs =
    hover === undefined ? undefined : window.fromNs + hover * (window.toNs - window.fromNs);
  const fits = (tick: number) => placeInWindow(tick, window) <= LAST_LABEL;
  return (
    <div className="time-axis numeric" aria-hidden="true">
      {ticksOf(window, GRID_TICKS)
        .filter(fits)
        .map((tick) => (
          <span key={tick} style={{ left: `${String(placeInWindow(tick, window) * 100)}%` }}>
            {tick === 0 ? "0" : formatDuration(tick / 1000)}
          </span>
        ))}
      {hover !== undefined && hoverNs !== undefined && (
        <span
          className="time-axis-hover"
          style={{ left: `${String(hover * 100)}%` }}
          data-side={hover > 0.8 ? "left" : "right"}
        >
          {formatDuration(hoverNs / 1000)}
        </span>
      )}
    </div>
  );
}
