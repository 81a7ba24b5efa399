import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Minimap } from "./minimap.tsx";
import { SpanRow } from "./span-row.tsx";
import { TimeAxis } from "./time-axis.tsx";
import { windowBetween, type TimeWindow } from "./time-window.ts";
import type { TraceRows } from "./trace-rows.ts";
import { treeStep } from "./tree-keys.ts";
import { useSpanColours } from "./use-span-colours.ts";
import { placeOf } from "./visible-rows.ts";
import { ROW_HEIGHT_PX } from "./waterfall-paint.ts";
import { WaterfallCanvas } from "./waterfall.tsx";
import "./span-tree.css";

interface SpanTreeProps {
  /** Names the tree: "Spans of answer a question". */
  readonly label: string;
  readonly rows: TraceRows;
  readonly visible: Int32Array;
  readonly selectedRow: number;
  readonly isFolded: (row: number) => boolean;
  readonly matches: ReadonlySet<number>;
  readonly whole: TimeWindow;
  readonly window: TimeWindow;
  readonly hasWaterfall: boolean;
  readonly onSelect: (row: number) => void;
  readonly onFold: (row: number) => void;
  readonly onZoom: (window: TimeWindow | undefined) => void;
}

const OVERSCAN_ROWS = 8;
const rowElementId = (row: number) => `span-row-${String(row)}`;

/** The tree of spans with a waterfall beside it. Only rows on the screen exist; arrow keys, j and k walk them. */
export function SpanTree(props: SpanTreeProps) {
  const { rows, visible, selectedRow, isFolded, matches, whole, window, hasWaterfall } = props;
  const { onSelect, onFold, onZoom } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const colours = useSpanColours();
  const [hover, setHover] = useState<number>();
  const virtual = useVirtualizer({
    count: visible.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: OVERSCAN_ROWS,
  });
  useScrollToSelected(virtual.scrollToIndex, visible, selectedRow);
  const step = (key: string): boolean => {
    const pageRows = Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT_PX) - 1;
    const state = { rows, visible, row: selectedRow, isFolded, pageRows: Math.max(1, pageRows) };
    const next = treeStep(key, state);
    if (next?.do === "select") onSelect(next.row);
    if (next?.do === "fold") onFold(next.row);
    return next !== undefined;
  };
  useLetterKeys(step);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!/^[jk]$/.test(event.key) && step(event.key)) event.preventDefault();
  };
  const waterfall = useMemo(
    () => ({ rows, visible, window, selectedRow, matches }),
    [matches, rows, selectedRow, visible, window],
  );
  const items = virtual.getVirtualItems();
  // As many elements as can be on the screen take turns: changing them is cheaper than making new ones while one scrolls.
  const elementCount =
    Math.ceil((virtual.scrollRect?.height ?? 0) / ROW_HEIGHT_PX) + 2 * OVERSCAN_ROWS + 2;
  const isThere = items.some(({ index }) => visible[index] === selectedRow);
  return (
    <div className="span-tree" data-waterfall={hasWaterfall}>
      <div className="span-tree-head">
        <div className="span-tree-title">
          <span>Span</span>
          <span>Duration</span>
        </div>
        {hasWaterfall && (
          <div className="span-tree-time">
            <Minimap
              rows={rows}
              whole={whole}
              window={window}
              colours={colours}
              onWindow={(one, other) => onZoom(windowBetween(one, other, whole))}
            />
            <TimeAxis window={window} hover={hover} />
          </div>
        )}
      </div>
      <div ref={scroller} className="span-tree-scroller">
        <div
          className="span-tree-rows"
          role="tree"
          tabIndex={0}
          aria-label={props.label}
          aria-activedescendant={isThere ? rowElementId(selectedRow) : undefined}
          style={{ height: virtual.getTotalSize() }}
          onKeyDown={onKeyDown}
        >
          {items.map(({ index, start }) => {
            const row = visible[index] ?? 0;
            return (
              <SpanRow
                key={index % Math.max(elementCount, items.length)}
                id={rowElementId(row)}
                rows={rows}
                row={row}
                topPx={start}
                isSelected={row === selectedRow}
                isFolded={isFolded(row)}
                isMatch={matches.has(row)}
                isWide={!hasWaterfall}
                onSelect={onSelect}
                onFold={onFold}
              />
            );
          })}
        </div>
        {hasWaterfall && (
          <WaterfallCanvas
            scroller={scroller}
            waterfall={waterfall}
            whole={whole}
            colours={colours}
            onHover={setHover}
            onZoom={onZoom}
            onSelect={onSelect}
          />
        )}
      </div>
    </div>
  );
}

/** Keeps the selected row on the screen when it changes; scrolling away from it is left to the person. */
function useScrollToSelected(
  scrollToIndex: (index: number) => void,
  visible: Int32Array,
  selectedRow: number,
): void {
  const latest = useRef({ scrollToIndex, visible });
  useEffect(() => {
    latest.current = { scrollToIndex, visible };
  });
  useEffect(() => {
    const place = placeOf(latest.current.visible, selectedRow);
    if (place !== -1) latest.current.scrollToIndex(place);
  }, [selectedRow]);
}

/** j and k walk the rows wherever the focus is, but for fields in which one writes. */
function useLetterKeys(step: (key: string) => boolean): void {
  const latest = useRef(step);
  useEffect(() => {
    latest.current = step;
  });
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      const isWriting = (event.target as Element | null)?.closest(
        "input, textarea, select, [contenteditable], [role=dialog]",
      );
      if (isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^[jk]$/.test(event.key) && latest.current(event.key)) event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
