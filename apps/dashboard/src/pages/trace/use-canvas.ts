import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

export interface CanvasSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

export type Paint = (context: CanvasRenderingContext2D, size: CanvasSize) => void;

/**
 * A canvas as sharp as the screen, painted at most once a frame: after every render with another `paint`, when its size
 * changes, and when `repaint` is called.
 */
export function useCanvas(paint: Paint) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(paint);
  const frame = useRef(0);
  const [size, setSize] = useState<CanvasSize>({ widthPx: 0, heightPx: 0 });

  const repaint = useCallback(() => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => paintNow(canvas.current, latest.current));
  }, []);
  useEffect(() => {
    latest.current = paint;
    repaint();
  }, [paint, repaint]);
  useLayoutEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      setSize({ widthPx: element.clientWidth, heightPx: element.clientHeight });
      repaint();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame.current);
    };
  }, [repaint]);
  return { canvas, size, repaint };
}

function paintNow(canvas: HTMLCanvasElement | null, paint: Paint): void {
  const context = canvas?.getContext("2d");
  if (canvas === null || context === null || context === undefined) return;
  const size = { widthPx: canvas.clientWidth, heightPx: canvas.clientHeight };
  const ratio = window.devicePixelRatio;
  const [width, height] = [Math.round(size.widthPx * ratio), Math.round(size.heightPx * ratio)];
  // Setting a size clears the canvas and takes its memory anew, so only when it is another.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  paint(context, size);
}
