const VARIABLE = "MALLOC_ARENA_MAX";
const ARENAS = "2";

/** What of `process` is needed. */
export type ArenaProcess = Pick<
  NodeJS.Process,
  "platform" | "env" | "execPath" | "execArgv" | "argv" | "execve" | "connected"
>;

/**
 * The C library of Linux gives each thread that allocates a heap of its own, and none gives back what another one needs:
 * with the engine's threads a tenth of a busy server's memory. How many there may be is asked once, when a program
 * starts, so the process begins anew, under the same id, with two. Call it before anything else is loaded.
 *
 * Returns when there is nothing to do: on other systems, when `MALLOC_ARENA_MAX` is set, and in a process that talks
 * with its parent (the channel would be lost; the parent may set the variable).
 */
export function limitMemoryArenas(given: ArenaProcess): void {
  const { platform, env, execPath, execArgv, argv } = given;
  if (platform !== "linux" || env[VARIABLE] !== undefined) return;
  if (given.execve === undefined || given.connected) return;
  const words = [execPath, ...execArgv, ...argv.slice(1)];
  given.execve(execPath, words, { ...env, [VARIABLE]: ARENAS });
}
