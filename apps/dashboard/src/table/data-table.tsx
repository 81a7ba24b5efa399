import { ActionIcon, Checkbox, Group, Popover, Stack, Text } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Icon } from "../icon/icon.tsx";
import type { Column, Sorting } from "./column.ts";
import { useTableModel } from "./use-table-model.ts";
import "./data-table.css";

interface DataTableProps<Row extends object> {
  /** Names the table for screen readers: "Traces". */
  readonly label: string;
  readonly rows: readonly Row[];
  /** Stable between renders: at module level or memoised. */
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly sorting?: Sorting | undefined;
  readonly onSort?: (sorting: Sorting) => void;
  /** The rows come in the order of `sorting`; else the table sorts what it has. */
  readonly serverSorted?: boolean;
  /** Of the row that a peek panel shows. */
  readonly selectedKey?: string | undefined;
  /** Enter or a click on a row. */
  readonly onSelect?: (row: Row, key: string) => void;
  /** Told when the order on the screen changes, so that a peek panel can walk it. */
  readonly onOrder?: (keys: readonly string[]) => void;
  /** Called when the last row comes near: fetch the next page. */
  readonly onEnd?: () => void;
  /** Stands in place of the rows when there are none. */
  readonly empty?: ReactNode;
  readonly heightPx?: number;
  /** At the left of the line over the table, such as "123 traces". */
  readonly caption?: ReactNode;
}

const ROW_HEIGHT_PX = 36;
const HEADER_HEIGHT_PX = 34;

/**
 * A table of any length: only rows on the screen exist. Arrow keys, Home, End, Page up and down walk the rows, Enter
 * selects; column headings sort.
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns, rowKey, sorting, onSelect, onEnd, onOrder, selectedKey } = props;
  const model = useTableModel({
    rows: props.rows,
    columns,
    rowKey,
    sorting,
    serverSorted: props.serverSorted ?? false,
  });
  const scroller = useRef<HTMLDivElement>(null);
  const { rows } = model;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: 12,
    scrollPaddingStart: HEADER_HEIGHT_PX,
  });
  const items = virtual.getVirtualItems();
  const [activeKey, setActiveKey] = useState<string>();
  const tabbableKey = rows.some(({ key }) => key === activeKey)
    ? activeKey
    : (selectedKey ?? rows[0]?.key);

  const order = rows.map(({ key }) => key).join("\n");
  useEffect(() => onOrder?.(order === "" ? [] : order.split("\n")), [onOrder, order]);

  const lastShown = items.at(-1)?.index ?? -1;
  const nearEnd = rows.length > 0 && lastShown >= rows.length - 10;
  useEffect(() => {
    if (nearEnd) onEnd?.();
  }, [nearEnd, onEnd, rows.length]);

  const focusRow = (at: number) => {
    const index = Math.max(0, Math.min(rows.length - 1, at));
    setActiveKey(rows[index]?.key);
    virtual.scrollToIndex(index);
    // The row may not exist before the scrolling has been drawn.
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`tr[data-index="${String(index)}"]`)?.focus(),
    );
  };
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT_PX) - 1);
    const target = new Map([
      ["ArrowDown", index + 1],
      ["ArrowUp", index - 1],
      ["PageDown", index + page],
      ["PageUp", index - page],
      ["Home", 0],
      ["End", rows.length - 1],
    ]).get(event.key);
    const row = rows[index];
    if (target !== undefined) focusRow(target);
    else if (event.key === "Enter" && event.target === event.currentTarget && row !== undefined) {
      onSelect?.(row.row, row.key);
    } else return;
    event.preventDefault();
  };

  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div className="data-table">
      <Group justify="space-between" mb={4}>
        <Text size="sm" c="dimmed" component="div">
          {props.caption}
        </Text>
        <ColumnChoice columns={columns} isShown={model.isShown} toggle={model.toggle} />
      </Group>
      <div
        ref={scroller}
        className="data-table-scroller"
        style={{ maxHeight: props.heightPx ?? 560 }}
      >
        <table role="grid" aria-label={label} aria-rowcount={rows.length + 1}>
          <colgroup>
            {model.shown.map(({ id, widthPx }) => (
              <col key={id} style={widthPx === undefined ? undefined : { width: widthPx }} />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {model.shown.map((column) => (
                <ColumnHeading
                  key={column.id}
                  column={column}
                  sorting={sorting}
                  onSort={props.onSort}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {before > 0 && <Spacer heightPx={before} columns={model.shown.length} />}
            {items.map(({ index }) => {
              const item = rows[index];
              if (item === undefined) return undefined;
              const { key, row } = item;
              return (
                <tr
                  key={key}
                  data-index={index}
                  aria-rowindex={index + 2}
                  aria-selected={key === selectedKey}
                  tabIndex={key === tabbableKey ? 0 : -1}
                  className={onSelect === undefined ? undefined : "selectable"}
                  onKeyDown={(event) => onKeyDown(event, index)}
                  onFocus={() => setActiveKey(key)}
                  onClick={(event) => {
                    if ((event.target as HTMLElement).closest("a, button") === null)
                      onSelect?.(row, key);
                  }}
                >
                  {model.shown.map((column) => (
                    <td key={column.id} data-numeric={column.numeric}>
                      {column.cell?.(row) ?? column.value(row) ?? "–"}
                    </td>
                  ))}
                </tr>
              );
            })}
            {after > 0 && <Spacer heightPx={after} columns={model.shown.length} />}
          </tbody>
        </table>
        {rows.length === 0 && props.empty}
      </div>
    </div>
  );
}

function Spacer({ heightPx, columns }: { readonly heightPx: number; readonly columns: number }) {
  return (
    <tr aria-hidden="true" className="spacer" style={{ height: heightPx }}>
      <td colSpan={columns} />
    </tr>
  );
}

interface ColumnHeadingProps<Row> {
  readonly column: Column<Row>;
  readonly sorting: Sorting | undefined;
  readonly onSort: ((sorting: Sorting) => void) | undefined;
}

function ColumnHeading<Row>({ column, sorting, onSort }: ColumnHeadingProps<Row>) {
  const sorted = sorting?.column === column.id ? sorting.direction : undefined;
  const ariaSort = sorted === undefined ? undefined : sorted === "asc" ? "ascending" : "descending";
  if (onSort === undefined || column.sortable === false) {
    return (
      <th scope="col" data-numeric={column.numeric}>
        {column.header}
      </th>
    );
  }
  const next = sorted === "desc" ? "asc" : "desc";
  return (
    <th scope="col" data-numeric={column.numeric} aria-sort={ariaSort}>
      <button type="button" onClick={() => onSort({ column: column.id, direction: next })}>
        {column.header}
        {sorted !== undefined && <Icon name={sorted === "asc" ? "up" : "down"} sizePx={10} />}
      </button>
    </th>
  );
}

interface ColumnChoiceProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly isShown: (id: string) => boolean;
  readonly toggle: (id: string) => void;
}

function ColumnChoice<Row>({ columns, isShown, toggle }: ColumnChoiceProps<Row>) {
  return (
    <Popover position="bottom-end" trapFocus shadow="md">
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="dimmed"
          aria-label="Choose columns"
          title="Choose columns"
        >
          <Icon name="columns" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <Stack gap="xs">
          {columns.map(({ id, header }) => (
            <Checkbox
              key={id}
              size="xs"
              label={header}
              checked={isShown(id)}
              onChange={() => toggle(id)}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
