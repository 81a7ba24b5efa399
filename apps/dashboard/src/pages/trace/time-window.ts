/** A piece of the trace's time, nanoseconds after its start; `fromNs` < `toNs`. */
export interface TimeWindow {
  readonly fromNs: number;
  readonly toNs: number;
}

/** Nothing is told apart below this. */
const SHORTEST_NS = 100;

/** The two ends in any order, kept within the whole. */
export function windowBetween(oneNs: number, otherNs: number, whole: TimeWindow): TimeWindow {
  const fromNs = Math.max(whole.fromNs, Math.min(oneNs, otherNs));
  const toNs = Math.min(whole.toNs, Math.max(oneNs, otherNs));
  if (toNs - fromNs >= SHORTEST_NS) return { fromNs, toNs };
  const start = Math.max(whole.fromNs, Math.min(fromNs, whole.toNs - SHORTEST_NS));
  return { fromNs: start, toNs: Math.max(start + SHORTEST_NS, toNs) };
}

/** For the address: `1500000-2500000`. */
export function windowText({ fromNs, toNs }: TimeWindow): string {
  return `${String(Math.floor(fromNs))}-${String(Math.ceil(toNs))}`;
}

/** @returns undefined when the text is none, or the window is not in the whole */
export function parseWindow(text: string | undefined, whole: TimeWindow): TimeWindow | undefined {
  const [, from, to] = /^(\d{1,18})-(\d{1,18})$/.exec(text ?? "") ?? [];
  if (from === undefined || to === undefined) return undefined;
  const [fromNs, toNs] = [Number(from), Number(to)];
  return fromNs < toNs && fromNs < whole.toNs ? windowBetween(fromNs, toNs, whole) : undefined;
}

/** Round times at even distances, at most `most` of them. */
export function ticksOf({ fromNs, toNs }: TimeWindow, most: number): readonly number[] {
  const least = (toNs - fromNs) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= least) ?? least;
  const ticks: number[] = [];
  for (let at = Math.ceil(fromNs / step); at * step <= toNs; at += 1) ticks.push(at * step);
  return ticks.slice(0, most);
}
