import type { TraceRows } from "./trace-rows.ts";
import { placeOf } from "./visible-rows.ts";

/** What a key does to the tree. */
export type TreeStep =
  | { readonly do: "select"; readonly row: number }
  | { readonly do: "fold"; readonly row: number };

export interface TreeState {
  readonly rows: TraceRows;
  readonly visible: Int32Array;
  readonly row: number;
  readonly isFolded: (row: number) => boolean;
  /** Rows that fit on the screen. */
  readonly pageRows: number;
}

/** The keys of a tree as screen readers know them, with j and k besides. Undefined: not one of them. */
export function treeStep(key: string, state: TreeState): TreeStep | undefined {
  const { rows, visible, row, isFolded, pageRows } = state;
  const place = placeOf(visible, row);
  const select = (at: number): TreeStep | undefined => {
    const target = visible[Math.max(0, Math.min(visible.length - 1, at))];
    return target === undefined ? undefined : { do: "select", row: target };
  };
  const hasChildren = rows.endOfSubtree(row) > row + 1;
  switch (key) {
    case "ArrowDown":
    case "j":
      return select(place + 1);
    case "ArrowUp":
    case "k":
      return select(place - 1);
    case "PageDown":
      return select(place + pageRows);
    case "PageUp":
      return select(place - pageRows);
    case "Home":
      return select(0);
    case "End":
      return select(visible.length - 1);
    case "ArrowRight":
      if (!hasChildren) return undefined;
      return isFolded(row) ? { do: "fold", row } : select(place + 1);
    case "ArrowLeft": {
      if (hasChildren && !isFolded(row)) return { do: "fold", row };
      const parent = rows.parentRow(row);
      return parent === -1 ? undefined : { do: "select", row: parent };
    }
    case "Enter":
    case " ":
      return hasChildren ? { do: "fold", row } : undefined;
    default:
      return undefined;
  }
}
