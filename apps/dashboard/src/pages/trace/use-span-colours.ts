import { useMemo } from "react";
import { useChartColours } from "../../chart/chart-colours.ts";
import { spanKindLook, spanKindLooks } from "./span-kind.ts";
import type { SpanColours } from "./waterfall-paint.ts";

/** Colours for the canvases of a trace, new when the scheme changes. */
export function useSpanColours(): SpanColours {
  const chart = useChartColours();
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    const of = (name: string) => style.getPropertyValue(name).trim();
    const byName = new Map(
      Object.values(spanKindLooks).map(({ colour }) => [colour, of(colour)] as const),
    );
    return {
      ...chart,
      kind: (kind) => byName.get(spanKindLook(kind).colour) ?? chart.neutral,
      text: of("--mantine-color-text"),
      selected: of("--selected"),
      hover: of("--hover"),
    };
  }, [chart]);
}
