/**
 * Child of the drift suite: rows that are nowhere as a whole, in a process whose peak memory is its own. Prints one JSON
 * line. Arguments: rows, columns.
 */
import { countTable, createPsiProfileOf, DataProfiler, psiDriftMap } from "@scouter/tabular";
import { measureCpu, peakRssMb } from "./measure-cpu.ts";
import { streamedNormals } from "./tables.ts";

const [rows = 0, columns = 0] = process.argv.slice(2).map(Number);
const timestamp = "2026-01-01T00:00:00Z";
const settings = {
  uid: "0194f0c3-7c5e-7000-8000-000000000000",
  timestamp,
  scouterVersion: "bench",
};
const source = streamedNormals(rows, columns, 1);
const made = await measureCpu(() => createPsiProfileOf(source, settings));
const { profile } = made.result;
const computed = await measureCpu(async () =>
  psiDriftMap(await countTable(source, profile), profile),
);
const statistics = await measureCpu(() => new DataProfiler().createDataProfile(source));
const line = {
  profileSeconds: made.cpuSeconds,
  computeSeconds: computed.cpuSeconds,
  dataProfileSeconds: statistics.cpuSeconds,
  peakMb: peakRssMb(),
};
console.log(JSON.stringify(line));
