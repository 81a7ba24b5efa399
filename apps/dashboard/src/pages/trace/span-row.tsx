import { memo } from "react";
import { formatCompact, formatCount, formatDuration } from "../../format/number.ts";
import { Icon } from "../../icon/icon.tsx";
import { SpanKindIcon } from "./span-kind-icon.tsx";
import { STATUS_ERROR, type TraceRows } from "./trace-rows.ts";
import { ROW_HEIGHT_PX } from "./waterfall-paint.ts";

interface SpanRowProps {
  readonly id: string;
  readonly rows: TraceRows;
  readonly row: number;
  readonly topPx: number;
  readonly isSelected: boolean;
  readonly isFolded: boolean;
  readonly isMatch: boolean;
  /** With tokens and service, when there is no waterfall beside it. */
  readonly isWide: boolean;
  readonly onSelect: (row: number) => void;
  readonly onFold: (row: number) => void;
}

const INDENT_PX = 14;
/** Deeper rows begin no further right: their names must stay readable. */
const MOST_INDENTS = 16;

/** One span of the tree. */
export const SpanRow = memo(function SpanRow(props: SpanRowProps) {
  const { id, rows, row, topPx, isSelected, isFolded, isMatch, isWide } = props;
  const below = rows.endOfSubtree(row) - row - 1;
  const depth = rows.depth(row);
  const indents = Math.min(depth, MOST_INDENTS);
  const name = rows.name(row);
  return (
    <div
      id={id}
      className="span-row"
      role="treeitem"
      aria-level={depth + 1}
      aria-posinset={rows.position(row)}
      aria-setsize={rows.siblings(row)}
      aria-selected={isSelected}
      aria-expanded={below === 0 ? undefined : !isFolded}
      data-match={isMatch}
      style={{ top: topPx, height: ROW_HEIGHT_PX }}
      onClick={() => props.onSelect(row)}
    >
      <span
        className="span-guides"
        aria-hidden="true"
        style={{ width: indents * INDENT_PX, backgroundSize: `${String(INDENT_PX)}px 100%` }}
      />
      <span
        className="span-fold"
        aria-hidden="true"
        data-empty={below === 0}
        onClick={(event) => {
          if (below === 0) return;
          event.stopPropagation();
          props.onFold(row);
        }}
      >
        {below > 0 && <Icon name={isFolded ? "right" : "down"} sizePx={10} />}
      </span>
      <SpanKindIcon kind={rows.genAiKind(row)} />
      <span className="span-name" title={name}>
        {name === "" ? "(no name)" : name}
      </span>
      {rows.isOrphan(row) && (
        <span className="span-note" title="The span's parent has not arrived">
          no parent
        </span>
      )}
      {isFolded && below > 0 && <FoldedTotals rows={rows} row={row} below={below} />}
      <SpanErrors rows={rows} row={row} />
      {isWide && (
        <>
          <span className="span-service">{rows.service(row)}</span>
          <span className="span-tokens numeric">{tokenWords(rows, row)}</span>
        </>
      )}
      <span className="span-duration numeric">{formatDuration(rows.durationNs(row) / 1000)}</span>
    </div>
  );
});

interface RowProps {
  readonly rows: TraceRows;
  readonly row: number;
}

function SpanErrors({ rows, row }: RowProps) {
  const below = rows.errorsBelow(row);
  const isFailed = rows.status(row) === STATUS_ERROR;
  if (!isFailed && below === 0) return undefined;
  const words = `${isFailed ? "failed" : ""}${isFailed && below > 0 ? ", " : ""}${below > 0 ? `${formatCount(below)} failed below` : ""}`;
  return (
    <span className="span-errors" data-own={isFailed} title={words}>
      <Icon name="failed" sizePx={10} />
      {below > 0 && <span aria-hidden="true">{formatCount(below)}</span>}
      <span className="visually-hidden">{words}</span>
    </span>
  );
}

/** What a folded row hides. */
function FoldedTotals({ rows, row, below }: RowProps & { readonly below: number }) {
  const tokens = tokenWords(rows, row);
  return (
    <span className="span-note numeric">
      +{formatCount(below)} {below === 1 ? "span" : "spans"}
      {tokens === "" ? "" : `, ${tokens}`}
    </span>
  );
}

function tokenWords(rows: TraceRows, row: number): string {
  const { input, output } = rows.tokens(row);
  return input + output === 0 ? "" : `${formatCompact(input)} / ${formatCompact(output)} tokens`;
}
