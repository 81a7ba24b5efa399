import { isScouterError } from "@scouter/contracts";

/** What a shell or a pipeline learns from a run; see `exitCodes`. */
export type ExitCode = 0 | 1 | 2 | 3;

export const exitCodes = {
  ok: 0,
  /** The command worked; what it checked did not hold. */
  checkFailed: 1,
  /** Wrong options, wrong configuration, something that does not exist: the caller can mend it. */
  usage: 2,
  /** Our fault, or a server that fails. */
  fault: 3,
} as const;

const FAULT_KINDS: ReadonlySet<string> = new Set(["internal", "timeout", "unavailable", "busy"]);

export function exitCodeOf(error: unknown): ExitCode {
  return isScouterError(error) && !FAULT_KINDS.has(error.kind) ? exitCodes.usage : exitCodes.fault;
}

/** `error: message (remedy)`; the stack only for what nobody foresaw. */
export function describeError(error: unknown): string {
  if (isScouterError(error)) {
    const remedy = error.remedy === undefined ? "" : ` (${error.remedy})`;
    return `error: ${error.message}${remedy}`;
  }
  return `error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
