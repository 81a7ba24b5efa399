import { Stack } from "@mantine/core";
import { useCallback, useDeferredValue, useMemo, useState } from "react";
import { Empty } from "../../page/states.tsx";
import { useUrlParameter } from "../../url/search.ts";
import { SpanPanel } from "./span/span-panel.tsx";
import { SpanTree } from "./span-tree.tsx";
import { parseWindow, windowText, type TimeWindow } from "./time-window.ts";
import type { TraceRows } from "./trace-rows.ts";
import { TraceToolbar } from "./trace-toolbar.tsx";
import { useSelectedSpan } from "./use-selected-span.ts";
import type { LoadedTrace } from "./use-trace.ts";
import { ancestorsOf, matchingRows, visibleRows } from "./visible-rows.ts";

/** A trace of no length still has an axis. */
const SHORTEST_TRACE_NS = 1000;

/** Tree, waterfall, and the selected span. */
export function TraceExplorer({ trace, rows }: LoadedTrace) {
  const [find = "", setFind] = useUrlParameter("find", { replace: true });
  const [only, setOnly] = useUrlParameter("only", { replace: true });
  const [view, setView] = useUrlParameter("view", { replace: true });
  const { selectedId, restingId, select } = useSelectedSpan(trace.root_span_id);
  const selectedRow = rows.rowOf(selectedId) ?? 0;
  const errorsOnly = only === "errors";
  const folding = useFolding(rows);
  const { collapsed, unfold } = folding;
  const visible = useMemo(
    () => visibleRows(rows, { collapsed, errorsOnly }),
    [collapsed, errorsOnly, rows],
  );
  const wanted = useDeferredValue(find);
  const found = useMemo(() => matchingRows(rows, wanted), [rows, wanted]);
  const matches = useMemo(() => new Set(found), [found]);
  const zoom = useZoom(trace.duration_ns);

  const selectRow = useCallback((row: number) => select(rows.spanId(row)), [rows, select]);
  const goToMatch = (places: 1 | -1) => {
    const next =
      places === 1
        ? (found.find((row) => row > selectedRow) ?? found[0])
        : (found.findLast((row) => row < selectedRow) ?? found.at(-1));
    if (next === undefined) return;
    unfold(ancestorsOf(rows, next));
    selectRow(next);
  };
  return (
    <Stack gap="xs">
      <TraceToolbar
        find={find}
        onFind={(text) => setFind(text === "" ? undefined : text)}
        matchAt={found.indexOf(selectedRow) + 1}
        matchCount={found.length}
        onMatch={goToMatch}
        errorsOnly={errorsOnly}
        onErrorsOnly={(isOnly) => setOnly(isOnly ? "errors" : undefined)}
        errorCount={trace.error_count}
        view={view === "tree" ? "tree" : "timeline"}
        onView={(next) => setView(next === "tree" ? "tree" : undefined)}
        zoom={zoom.chosen}
        onZoomOut={() => zoom.set(undefined)}
        onFoldAll={folding.foldAll}
      />
      <div className="trace-split">
        {visible.length === 0 ? (
          <Empty title="No span has failed">Show all spans again with “Errors only”.</Empty>
        ) : (
          <SpanTree
            label={`Spans of ${trace.root_name}`}
            rows={rows}
            visible={visible}
            selectedRow={selectedRow}
            isFolded={(row) => collapsed.has(rows.spanId(row))}
            matches={matches}
            whole={zoom.whole}
            window={zoom.chosen ?? zoom.whole}
            hasWaterfall={view !== "tree"}
            onSelect={selectRow}
            onFold={folding.toggle}
            onZoom={zoom.set}
          />
        )}
        <SpanPanel
          trace={trace}
          spanId={rows.rowOf(restingId) === undefined ? trace.root_span_id : restingId}
          onSelect={select}
        />
      </div>
    </Stack>
  );
}

/** Folded subtrees, by span id: rows move when late spans arrive. */
function useFolding(rows: TraceRows) {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(() => new Set());
  const toggle = useCallback(
    (row: number) =>
      setCollapsed((before) => {
        const id = rows.spanId(row);
        const after = new Set(before);
        if (!after.delete(id)) after.add(id);
        return after;
      }),
    [rows],
  );
  const unfold = useCallback(
    (which: readonly number[]) =>
      setCollapsed((before) => {
        const ids = which.map((row) => rows.spanId(row)).filter((id) => before.has(id));
        if (ids.length === 0) return before;
        const after = new Set(before);
        for (const id of ids) after.delete(id);
        return after;
      }),
    [rows],
  );
  /** Roots stay open: a list of one row would show nothing. */
  const foldAll = useCallback(
    (folded: boolean) => {
      const all = Array.from({ length: folded ? rows.count : 0 }, (_, row) => row);
      const parents = all.filter((row) => rows.endOfSubtree(row) > row + 1 && rows.depth(row) > 0);
      setCollapsed(new Set(parents.map((row) => rows.spanId(row))));
    },
    [rows],
  );
  return { collapsed, toggle, unfold, foldAll };
}

/** The piece of time that the waterfall shows, kept in the address. */
function useZoom(durationNs: number) {
  const [text, setText] = useUrlParameter("zoom", { replace: true });
  const whole = useMemo<TimeWindow>(
    () => ({ fromNs: 0, toNs: Math.max(SHORTEST_TRACE_NS, durationNs) }),
    [durationNs],
  );
  const chosen = useMemo(() => parseWindow(text, whole), [text, whole]);
  const set = useCallback(
    (window: TimeWindow | undefined) =>
      setText(window === undefined ? undefined : windowText(window)),
    [setText],
  );
  return { whole, chosen, set };
}
