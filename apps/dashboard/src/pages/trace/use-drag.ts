import { useRef, useState, type PointerEvent } from "react";

/** Both from 0 to 1 of the width; `from` <= `to`. */
export interface DragShare {
  readonly from: number;
  readonly to: number;
}

/** Below so many pixels a drag is a click. */
const SHORTEST_DRAG_PX = 4;

interface DragOptions {
  readonly onDrag: (share: DragShare) => void;
  readonly onClick?: (event: PointerEvent) => void;
}

/** A piece of an element's width, dragged over. */
export function useDrag({ onDrag, onClick }: DragOptions) {
  const start = useRef<number>(undefined);
  const [shown, setShown] = useState<DragShare>();
  const shareOf = (event: PointerEvent): DragShare => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const place = (x: number) => Math.max(0, Math.min(1, (x - left) / width));
    const begin = start.current ?? event.clientX;
    return {
      from: place(Math.min(begin, event.clientX)),
      to: place(Math.max(begin, event.clientX)),
    };
  };
  const isClick = (event: PointerEvent) =>
    Math.abs(event.clientX - (start.current ?? event.clientX)) < SHORTEST_DRAG_PX;
  const stop = () => {
    start.current = undefined;
    setShown(undefined);
  };
  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      start.current = event.clientX;
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      if (start.current !== undefined && !isClick(event)) setShown(shareOf(event));
    },
    onPointerUp: (event: PointerEvent) => {
      if (start.current === undefined) return;
      if (isClick(event)) onClick?.(event);
      else onDrag(shareOf(event));
      stop();
    },
    onPointerCancel: stop,
  };
  return { shown, handlers };
}
