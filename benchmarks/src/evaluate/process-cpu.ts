import { readdirSync, readFileSync } from "node:fs";

/** Ticks of `/proc` are hundredths of a second on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

/** CPU seconds that processes have used, each with all its threads and with its ended and living children; Linux only. */
export function cpuSeconds(pids: readonly number[]): number {
  const parents = parentsOfAll();
  const counted = new Set(pids);
  // A set yields what is added while it is walked.
  for (const pid of counted) {
    for (const [child, parent] of parents) if (parent === pid) counted.add(child);
  }
  return [...counted].reduce((sum, pid) => sum + secondsOf(pid), 0);
}

/** CPU seconds of a process's first thread alone. */
export function mainThreadCpuSeconds(pid: number): number {
  const fields = statFields(`${pid}/task/${pid}`);
  // utime and stime.
  const ticks = fields?.slice(11, 13).reduce((sum, field) => sum + Number(field), 0) ?? 0;
  return ticks / TICKS_A_SECOND;
}

function secondsOf(pid: number): number {
  const fields = statFields(pid);
  // utime, stime, and those of children that were waited for: fields 14 to 17 of proc(5).
  const ticks = fields?.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) ?? 0;
  return ticks / TICKS_A_SECOND;
}

function parentsOfAll(): ReadonlyMap<number, number> {
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return new Map(pids.map((pid) => [pid, Number(statFields(pid)?.[1] ?? 0)]));
}

/** The fields from the third on: the second is the program's name, which may hold anything. */
function statFields(pid: number | string): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined; // it ended meanwhile
  }
}
