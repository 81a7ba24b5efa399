// Public entry.
export { main } from "./main.ts";
export { exitCodes, type ExitCode } from "./exit-code.ts";
export type { SignalSource, StopSignal, Terminal } from "./terminal.ts";
