import type { HeldFiles } from "../cache/file-cache.ts";
import type { TraceIndex } from "../lookup/trace-index.ts";
import type { SpanTable } from "../table/span-table.ts";
import type { Segment } from "../writer/segment.ts";
import type { ReadView, TableView } from "./read-view.ts";

export interface IndexedTable {
  readonly table: SpanTable;
  readonly index: TraceIndex;
}

/**
 * Segments first, then the snapshot, without a wait between: together they are everything, once. `segments` are those of
 * this process that can be read.
 */
export function pinView(
  segments: readonly Segment[],
  tables: { readonly spans: IndexedTable; readonly summaries: IndexedTable },
): ReadView {
  const { spans, summaries } = tables;
  const isAbove = (segment: Segment, { table }: IndexedTable) =>
    segment.firstSequence > table.watermark(segment.owner);
  const pinned = segments.filter(
    (segment) => isAbove(segment, spans) || isAbove(segment, summaries),
  );
  for (const segment of pinned) segment.pin();
  const held: HeldFiles[] = [];
  const release = async () => {
    for (const holding of held) holding.release();
    for (const segment of pinned) await segment.unpin();
  };
  // Of a segment that another process commits in several steps, the first step hides all: never twice.
  const viewOf = (indexed: IndexedTable): TableView => ({
    files: indexed.table.files(),
    segments: pinned.filter((segment) => isAbove(segment, indexed)),
    hold: async (files) => {
      const holding = indexed.table.hold(files);
      held.push(holding);
      await holding.ready();
    },
    placesOf: (traceIds, files) => indexed.index.placesOf(traceIds, files),
    release,
  });
  return { ...viewOf(spans), summaries: viewOf(summaries) };
}
