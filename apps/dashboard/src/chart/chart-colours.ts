import { useComputedColorScheme } from "@mantine/core";
import { useMemo } from "react";

export interface ChartColours {
  /** In the order in which series take them; told apart by colour-blind people too. */
  readonly series: readonly string[];
  readonly grid: string;
  readonly axis: string;
  readonly ok: string;
  readonly warning: string;
  readonly alert: string;
  readonly neutral: string;
  readonly surface: string;
}

/** The theme's colours for what is drawn on a canvas, where CSS variables do not reach. */
export function useChartColours(): ChartColours {
  const scheme = useComputedColorScheme("light");
  return useMemo(() => readColours(scheme), [scheme]);
}

/** `scheme` is not looked at: it tells when the variables have changed. */
function readColours(_scheme: string): ChartColours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    series: [1, 2, 3, 4, 5, 6].map((number) => of(`chart-${String(number)}`)),
    grid: of("chart-grid"),
    axis: of("chart-axis"),
    ok: of("status-ok"),
    warning: of("status-warning"),
    alert: of("status-alert"),
    neutral: of("status-neutral"),
    surface: of("surface-raised"),
  };
}
