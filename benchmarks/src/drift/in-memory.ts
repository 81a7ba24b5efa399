/**
 * Child of the drift suite: a table in memory, in a process whose peak memory is its own. Prints one JSON line.
 * Arguments: rows, columns, samples.
 */
import { computePsiDrift, createDataProfile, createPsiProfile } from "@scouter/drift";
import { measureCpu, median, peakRssMb } from "./measure-cpu.ts";
import { normalColumns } from "./tables.ts";

const [rows = 0, columns = 0, samples = 0] = process.argv.slice(2).map(Number);
const timestamp = "2026-01-01T00:00:00Z";
const owner = { uid: "0194f0c3-7c5e-7000-8000-000000000000", timestamp, scouterVersion: "bench" };
const table = normalColumns(rows, columns, 1);
const profileSeconds: number[] = [];
const computeSeconds: number[] = [];
for (let sample = 0; sample < samples; sample += 1) {
  const made = await measureCpu(() => createPsiProfile({ ...owner, table }));
  const { profile } = made.result;
  const computed = await measureCpu(() => computePsiDrift(table, profile));
  profileSeconds.push(made.cpuSeconds);
  computeSeconds.push(computed.cpuSeconds);
}
const psiPeakMb = peakRssMb();
const statistics = await measureCpu(() => createDataProfile({ table, timestamp }));
const line = {
  profileSeconds: median(profileSeconds),
  computeSeconds: median(computeSeconds),
  dataProfileSeconds: statistics.cpuSeconds,
  psiPeakMb,
};
console.log(JSON.stringify(line));
