import type uPlot from "uplot";

/** Places of the series in the plot; 0 are the times. */
const RATE = 1;
const LOWER = 2;
const UPPER = 3;

/**
 * Draws the second and third series of a chart as what they are: the ends of an interval, one block for each bucket. A
 * bucket without a value has no block, so a gap stays a gap, and one bucket alone is seen.
 */
export function intervalBand(line: string): uPlot.Plugin {
  return {
    opts: (_plot, options) => {
      for (const at of [LOWER, UPPER]) {
        const series = options.series[at];
        if (series === undefined) continue;
        series.paths = () => null;
        series.points = { show: false };
      }
      const rate = options.series[RATE];
      // A bucket between two gaps has no line: its point is all there is.
      if (rate !== undefined) rate.points = { show: true, size: 5, fill: line };
      return options;
    },
    hooks: { drawAxes: [(plot) => drawBlocks(plot, line)] },
  };
}

function drawBlocks(plot: uPlot, colour: string): void {
  const [times, , lower, upper] = plot.data;
  const length = (times[1] ?? 0) - (times[0] ?? 0);
  if (lower === undefined || upper === undefined || length <= 0) return;
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = colour;
  ctx.globalAlpha = 0.22;
  for (const [at, time] of times.entries()) {
    const [low, high] = [lower[at], upper[at]];
    if (typeof low !== "number" || typeof high !== "number") continue;
    const left = plot.valToPos(time - length / 2, "x", true);
    const right = plot.valToPos(time + length / 2, "x", true);
    const top = plot.valToPos(high, "y", true);
    ctx.fillRect(left, top, right - left, plot.valToPos(low, "y", true) - top);
  }
  ctx.restore();
}
