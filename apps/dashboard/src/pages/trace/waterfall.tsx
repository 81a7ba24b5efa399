import { useCallback, useEffect, useState, type PointerEvent, type RefObject } from "react";
import { windowBetween, type TimeWindow } from "./time-window.ts";
import { useCanvas, type Paint } from "./use-canvas.ts";
import { useDrag } from "./use-drag.ts";
import {
  paintWaterfall,
  ROW_HEIGHT_PX,
  type SpanColours,
  type Waterfall,
} from "./waterfall-paint.ts";

interface WaterfallCanvasProps {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly waterfall: Omit<Waterfall, "hoverPlace">;
  readonly whole: TimeWindow;
  readonly colours: SpanColours;
  readonly onHover: (share: number | undefined) => void;
  readonly onZoom: (window: TimeWindow | undefined) => void;
  readonly onSelect: (row: number) => void;
}

/**
 * The bars beside the tree. It stays where it is while the rows scroll, and paints those that are there. Everything that it
 * shows is in the tree too, so screen readers pass it by.
 */
export function WaterfallCanvas(props: WaterfallCanvasProps) {
  const { scroller, waterfall, whole, colours, onHover, onZoom, onSelect } = props;
  const { window, visible } = waterfall;
  const [hoverPlace, setHoverPlace] = useState(-1);
  const [hoverShare, setHoverShare] = useState<number>();
  const paint = useCallback<Paint>(
    (context, size) => {
      const scrollTopPx = scroller.current?.scrollTop ?? 0;
      paintWaterfall(context, { ...waterfall, hoverPlace }, { ...size, scrollTopPx }, colours);
    },
    [colours, hoverPlace, scroller, waterfall],
  );
  const { canvas, repaint } = useCanvas(paint);
  useEffect(() => {
    const element = scroller.current;
    element?.addEventListener("scroll", repaint, { passive: true });
    return () => element?.removeEventListener("scroll", repaint);
  }, [repaint, scroller]);

  const placeAt = (event: PointerEvent) => {
    const { top } = event.currentTarget.getBoundingClientRect();
    const place = Math.floor(
      (event.clientY - top + (scroller.current?.scrollTop ?? 0)) / ROW_HEIGHT_PX,
    );
    return place >= 0 && place < visible.length ? place : -1;
  };
  const lengthNs = window.toNs - window.fromNs;
  const drag = useDrag({
    onDrag: ({ from, to }) =>
      onZoom(windowBetween(window.fromNs + from * lengthNs, window.fromNs + to * lengthNs, whole)),
    onClick: (event) => {
      const row = visible[placeAt(event)];
      if (row !== undefined) onSelect(row);
    },
  });
  const hoverAt = (share: number | undefined, place: number) => {
    setHoverPlace(place);
    setHoverShare(share);
    onHover(share);
  };
  return (
    <div
      className="waterfall"
      aria-hidden="true"
      {...drag.handlers}
      onPointerMove={(event) => {
        const { left, width } = event.currentTarget.getBoundingClientRect();
        hoverAt(Math.max(0, Math.min(1, (event.clientX - left) / width)), placeAt(event));
        drag.handlers.onPointerMove(event);
      }}
      onPointerLeave={() => hoverAt(undefined, -1)}
      onDoubleClick={() => onZoom(undefined)}
    >
      <canvas ref={canvas} />
      {hoverShare !== undefined && (
        <div className="waterfall-hover" style={{ left: `${String(hoverShare * 100)}%` }} />
      )}
      {drag.shown !== undefined && (
        <div
          className="waterfall-drag"
          style={{
            left: `${String(drag.shown.from * 100)}%`,
            width: `${String((drag.shown.to - drag.shown.from) * 100)}%`,
          }}
        />
      )}
    </div>
  );
}
