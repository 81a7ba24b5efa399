import { useId, useRef, useState, type PointerEvent } from "react";
import { formatTime, timeZoneName } from "../format/time.ts";
import { formatCount } from "../format/number.ts";
import type { TimeSpan } from "../time/time-range.ts";
import { useTimeRange } from "../time/use-time-range.ts";
import "./chart.css";

/** Counts of one slice of time, by what they are. */
export interface StripBar {
  readonly fromMs: number;
  readonly counts: readonly number[];
}

export interface StripPart {
  readonly label: string;
  readonly tone: "ok" | "warning" | "alert" | "neutral" | "active";
}

interface BarStripProps {
  /** "Traces by status" */
  readonly title: string;
  /** What the counts of a bar are, from the bottom. */
  readonly parts: readonly StripPart[];
  readonly bars: readonly StripBar[];
  readonly span: TimeSpan;
  /** Length of one slice. */
  readonly sliceMs: number;
  readonly heightPx?: number;
  readonly onZoom?: (span: TimeSpan) => void;
}

/** A histogram strip over a table: how many, when, of which kind. Dragging over it zooms. */
export function BarStrip({
  title,
  parts,
  bars,
  span,
  sliceMs,
  heightPx = 64,
  onZoom,
}: BarStripProps) {
  const id = useId();
  const { zoomTo } = useTimeRange();
  const drag = useDrag(span, onZoom ?? zoomTo);
  const lengthMs = span.toMs - span.fromMs;
  const most = Math.max(1, ...bars.map(({ counts }) => sum(counts)));
  const x = (ms: number) => ((ms - span.fromMs) / lengthMs) * 100;
  return (
    <figure className="chart bar-strip" aria-labelledby={id}>
      <svg
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        height={heightPx}
        aria-hidden="true"
        {...drag.handlers}
      >
        {bars.flatMap((bar) => {
          const left = Math.max(0, x(bar.fromMs));
          const width = Math.max(0.05, Math.min(100, x(bar.fromMs + sliceMs)) - left) * 0.86;
          let top = 100;
          return bar.counts.map((count, part) => {
            const height = (count / most) * 96;
            top -= height;
            const look = parts[part];
            return count === 0 || look === undefined ? undefined : (
              <rect
                key={`${String(bar.fromMs)} ${look.label}`}
                x={left}
                y={top}
                width={width}
                height={height}
                data-tone={look.tone}
              >
                <title>{`${formatTime(bar.fromMs)}: ${formatCount(count)} ${look.label}`}</title>
              </rect>
            );
          });
        })}
        {drag.shown !== undefined && (
          <rect
            className="bar-strip-drag"
            x={drag.shown.left * 100}
            y={0}
            width={drag.shown.width * 100}
            height={100}
          />
        )}
      </svg>
      <figcaption id={id} className="chart-legend">
        <span>{title}</span>
        {parts.map(({ label, tone }, part) => (
          <span key={label}>
            <span className="chart-key" data-tone={tone} />
            {formatCount(sum(bars.map(({ counts }) => counts[part] ?? 0)))} {label}
          </span>
        ))}
        <span className="chart-zone">
          {formatTime(span.fromMs)} to {formatTime(span.toMs)} {timeZoneName()}
        </span>
      </figcaption>
    </figure>
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Below this share of the width a drag is a click. */
const SHORTEST_DRAG = 0.005;

function useDrag(span: TimeSpan, onZoom: (span: TimeSpan) => void) {
  const start = useRef<number>(undefined);
  const [shown, setShown] = useState<{ readonly left: number; readonly width: number }>();
  const placeOf = (event: PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - left) / width));
  };
  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      start.current = placeOf(event);
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      if (start.current === undefined) return;
      const at = placeOf(event);
      setShown({ left: Math.min(at, start.current), width: Math.abs(at - start.current) });
    },
    onPointerUp: () => {
      start.current = undefined;
      setShown(undefined);
      if (shown === undefined || shown.width < SHORTEST_DRAG) return;
      const lengthMs = span.toMs - span.fromMs;
      const fromMs = span.fromMs + shown.left * lengthMs;
      onZoom({ fromMs, toMs: fromMs + shown.width * lengthMs });
    },
    onPointerCancel: () => {
      start.current = undefined;
      setShown(undefined);
    },
  };
  return { shown, handlers };
}
