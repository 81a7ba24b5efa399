export interface CpuSample<Result> {
  readonly result: Result;
  /** Of all threads of this process, garbage collection among them. */
  readonly cpuSeconds: number;
}

export async function measureCpu<Result>(
  run: () => Result | Promise<Result>,
): Promise<CpuSample<Result>> {
  const before = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  return { result, cpuSeconds: (user + system) / 1e6 };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The most memory that this process ever had, in MB. */
export function peakRssMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}
