/**
 * Drift profiles and data profiles of large tables: rows a second of one core, and peak memory, in memory and streamed.
 * Options: `--rows N` (1,000,000), `--columns N` (50), `--samples N` (3), `--reference PYTHON`: a Python interpreter in
 * whose environment scouter-ml and evidently are installed; they are measured in the same run, by CPU time too.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { type Figure, printFigure } from "./figure/print-figure.ts";

const { values: options } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    columns: { type: "string", default: "50" },
    samples: { type: "string", default: "3" },
    reference: { type: "string" },
  },
});
const { rows, columns, samples } = {
  rows: Number(options.rows),
  columns: Number(options.columns),
  samples: Number(options.samples),
};
const TARGETS = { streamingMb: 500, reference: 1, evidently: 5 };
const run = promisify(execFile);

interface InMemory {
  readonly profileSeconds: number;
  readonly computeSeconds: number;
  readonly dataProfileSeconds: number;
  readonly psiPeakMb: number;
}
type Streaming = Omit<InMemory, "psiPeakMb"> & { readonly peakMb: number };
/** CPU seconds of other programs; null for one that is not installed. */
interface Reference {
  readonly scouter: Omit<InMemory, "psiPeakMb"> | null;
  readonly evidently: { readonly computeSeconds: number; readonly rows: number } | null;
}

const inMemory = await child<InMemory>("in-memory", [rows, columns, samples]);
rate("psi_profile_rows_per_core_s", inMemory.profileSeconds, samples);
rate("psi_compute_rows_per_core_s", inMemory.computeSeconds, samples);
rate("data_profile_rows_per_core_s", inMemory.dataProfileSeconds, 1);
memory("psi_peak_rss_mb", inMemory.psiPeakMb, null);

const streaming = await child<Streaming>("streaming", [rows, columns]);
rate("streaming_psi_profile_rows_per_core_s", streaming.profileSeconds, 1);
rate("streaming_psi_compute_rows_per_core_s", streaming.computeSeconds, 1);
rate("streaming_data_profile_rows_per_core_s", streaming.dataProfileSeconds, 1);
memory("streaming_peak_rss_mb", streaming.peakMb, TARGETS.streamingMb);

if (options.reference !== undefined) await compareWith(options.reference);

async function compareWith(python: string): Promise<void> {
  const script = fileURLToPath(new URL("../reference/drift.py", import.meta.url));
  const given = [script, rows, columns, samples].map(String);
  const { stdout } = await run(python, given, { maxBuffer: 1 << 26 });
  const { scouter, evidently } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Reference;
  if (scouter !== null) {
    rate("reference_psi_profile_rows_per_core_s", scouter.profileSeconds, samples);
    rate("reference_psi_compute_rows_per_core_s", scouter.computeSeconds, samples);
    rate("reference_data_profile_rows_per_core_s", scouter.dataProfileSeconds, 1);
    const profile = scouter.profileSeconds / inMemory.profileSeconds;
    ratio("psi_profile_vs_reference", profile, TARGETS.reference);
    const compute = scouter.computeSeconds / inMemory.computeSeconds;
    ratio("psi_compute_vs_reference", compute, TARGETS.reference);
    const statistics = scouter.dataProfileSeconds / inMemory.dataProfileSeconds;
    ratio("data_profile_vs_reference", statistics, null);
  }
  if (evidently !== null) {
    // It bins the baseline and compares in one step, which is ours of profile and compute together.
    const own = inMemory.profileSeconds + inMemory.computeSeconds;
    const perRow = evidently.computeSeconds / evidently.rows;
    ratio("psi_vs_evidently", (perRow * rows) / own, TARGETS.evidently);
  }
}

async function child<Line>(name: string, given: readonly number[]): Promise<Line> {
  const file = fileURLToPath(new URL(`drift/${name}.ts`, import.meta.url));
  const words = ["--conditions=scouter-source", file, ...given.map(String)];
  const { stdout } = await run(process.execPath, words, { maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as Line;
}

function rate(name: string, seconds: number, count: number): void {
  figure({
    name,
    value: rows / seconds,
    unit: "rows/s",
    better: "higher",
    target: null,
    samples: count,
  });
}

function memory(name: string, value: number, target: number | null): void {
  figure({ name, value, unit: "MB", better: "lower", target, samples: 1 });
}

function ratio(name: string, value: number, target: number | null): void {
  figure({ name, value, unit: "times", better: "higher", target, samples });
}

function figure(own: Figure): void {
  printFigure(own);
}
