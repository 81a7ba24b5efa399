import { formatTime } from "../../../format/time.ts";

/** Columns that one label needs: it is wider than a cell. */
const LABEL_COLUMNS = 4;

/** Above which columns a time stands: the first, every fifth that follows; two lines, the day only where it changes. */
export function timeLabels(ends: readonly string[]): readonly (string | undefined)[] {
  let shownDay: string | undefined;
  return ends.map((end, column) => {
    if (column % LABEL_COLUMNS !== 0) return undefined;
    const [day = "", time = ""] = formatTime(end).split(" ");
    const label = day === shownDay ? `\n${time}` : `${day.slice(5)}\n${time}`;
    shownDay = day;
    return label;
  });
}
