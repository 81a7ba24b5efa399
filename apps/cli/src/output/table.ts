export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: "left" | "right";
  /** Characters kept; longer values end with an ellipsis. */
  readonly maximum?: number;
}

/** Columns as wide as their widest value, two spaces apart; no trailing blanks. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) =>
    columns.map(({ value, maximum }) => shorten(oneLine(value(row)), maximum)),
  );
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const line = (values: readonly string[]) =>
    values
      .map((value, index) => {
        const width = widths[index] ?? 0;
        return columns[index]?.align === "right" ? value.padStart(width) : value.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  const titles = line(columns.map((column) => column.title.toUpperCase()));
  return [titles, ...cells.map(line)].join("\n");
}

export function shorten(text: string, maximum: number | undefined): string {
  return maximum === undefined || text.length <= maximum ? text : `${text.slice(0, maximum - 1)}…`;
}

/** Control characters would break the layout, and could steer the reader's terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}
