import type { ChartColours } from "./chart-colours.ts";

/** One line. `null` is a gap and is drawn as one. */
export interface ChartSeries {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** From the theme, such as `colours.alert`; the next of the palette when absent. */
  readonly colour?: (colours: ChartColours) => string;
  /** `step`: a value holds until the next; `bars` for counts; `points` for windows. */
  readonly form?: "line" | "step" | "bars" | "points";
  readonly dashed?: boolean;
}
