/**
 * Milliseconds of processor time that this thread has used. What a record costs is told by this and not by the clock: on a busy
 * machine a thread stands still for longer than a heavy record takes. Before Node 23.9 the clock has to do.
 */
export function threadCpuMs(): number {
  if (!("threadCpuUsage" in process)) return performance.now();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
