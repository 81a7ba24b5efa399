import { useCallback } from "react";
import type { TimeWindow } from "./time-window.ts";
import type { TraceRows } from "./trace-rows.ts";
import { useCanvas, type Paint } from "./use-canvas.ts";
import { useDrag } from "./use-drag.ts";
import { paintMinimap, placeInWindow, type SpanColours } from "./waterfall-paint.ts";

interface MinimapProps {
  readonly rows: TraceRows;
  readonly whole: TimeWindow;
  readonly window: TimeWindow;
  readonly colours: SpanColours;
  readonly onWindow: (oneNs: number, otherNs: number) => void;
}

/** The whole trace in small, with a frame around what the waterfall shows; dragging moves the frame. */
export function Minimap({ rows, whole, window, colours, onWindow }: MinimapProps) {
  const paint = useCallback<Paint>(
    (context, size) => paintMinimap(context, rows, whole, size, colours),
    [colours, rows, whole],
  );
  const { canvas } = useCanvas(paint);
  const lengthNs = whole.toNs - whole.fromNs;
  const drag = useDrag({
    onDrag: ({ from, to }) => onWindow(from * lengthNs, to * lengthNs),
  });
  const frame = drag.shown ?? {
    from: placeInWindow(window.fromNs, whole),
    to: placeInWindow(window.toNs, whole),
  };
  return (
    <div className="minimap" aria-hidden="true" {...drag.handlers}>
      <canvas ref={canvas} />
      <div
        className="minimap-frame"
        data-whole={frame.from <= 0 && frame.to >= 1}
        style={{
          left: `${String(frame.from * 100)}%`,
          width: `${String((frame.to - frame.from) * 100)}%`,
        }}
      />
    </div>
  );
}
