interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Curves between columns, straight lines through them.
 *
 * @param points as the layout gives them: pairs of right and left sides of neighbouring columns
 */
export function edgePath(points: readonly Point[]): string {
  return points
    .map(({ x, y }, at) => {
      const before = points[at - 1];
      if (before === undefined) return `M${String(x)} ${String(y)}`;
      // Every second stretch passes a column.
      if (at % 2 === 0) return `L${String(x)} ${String(y)}`;
      const middle = String((before.x + x) / 2);
      return `C${middle} ${String(before.y)} ${middle} ${String(y)} ${String(x)} ${String(y)}`;
    })
    .join("");
}

const BEFORE_END_PX = 8;
const OVER_LINE_PX = 5;

/** Where the edge's words end: over its last stretch, where edges of one gate are apart. */
export function labelPlace(points: readonly Point[]): Point {
  const { x, y } = points.at(-1) ?? { x: 0, y: 0 };
  return { x: x - BEFORE_END_PX, y: y - OVER_LINE_PX };
}
