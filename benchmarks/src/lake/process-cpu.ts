import { readdirSync, readFileSync } from "node:fs";

/** Of Linux on every machine Node runs on; `getconf CLK_TCK`. */
const TICKS_PER_SECOND = 100;

/** CPU seconds of a process so far, all threads; `withEnded`: also of its children that have ended. Linux only. */
export function cpuSeconds(pid: number, { withEnded = false } = {}): number {
  const fields = statOf(pid);
  if (fields === undefined) return 0;
  const own = Number(fields[11]) + Number(fields[12]);
  const ended = Number(fields[13]) + Number(fields[14]);
  return (withEnded ? own + ended : own) / TICKS_PER_SECOND;
}

/** CPU seconds of a process and everything below it, running or ended. */
export function cpuSecondsOfTree(pid: number): number {
  const below = childrenOf(pid).reduce((sum, child) => sum + cpuSecondsOfTree(child), 0);
  return cpuSeconds(pid, { withEnded: true }) + below;
}

export function childrenOf(pid: number): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((other) => Number(statOf(other)?.[1]) === pid);
}

/** Most resident memory a process ever had, megabytes (2^20 bytes); 0 when it has ended. */
export function peakResidentMb(pid: number): number {
  const line = read(`/proc/${pid}/status`)
    ?.split("\n")
    .find((row) => row.startsWith("VmHWM:"));
  return Number(/\d+/.exec(line ?? "")?.[0] ?? 0) / 1024;
}

/** Fields of `/proc/<pid>/stat` after the name, which may hold spaces: the first is the state. */
function statOf(pid: number): readonly string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** Undefined when the process has ended. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // ended between the listing and here
  }
}
