import { cpus } from "node:os";

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly better: "lower" | "higher";
  /** The project's target, null where it has none. */
  readonly target: number | null;
  /** How many measurements the value stands on. */
  readonly samples: number;
}

/** One JSON object a line on standard output: what `npm run bench` passes on. */
export function printFigure(figure: Figure): void {
  console.log(JSON.stringify({ ...figure, value: round(figure.value), machine: machine() }));
}

function round(value: number): number {
  return Number(value.toPrecision(5));
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} x ${cpu?.model.trim() ?? "unknown"}, ${process.platform}, node ${process.version}`;
}

/** The q-quantile (0..1) of the values: the smallest that at least this share of them does not exceed. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

export function lower(
  name: string,
  value: number,
  unit: string,
  target: number | null,
  samples = 1,
): void {
  printFigure({ name, value, unit, better: "lower", target, samples });
}

export function higher(
  name: string,
  value: number,
  unit: string,
  target: number | null,
  samples = 1,
): void {
  printFigure({ name, value, unit, better: "higher", target, samples });
}
