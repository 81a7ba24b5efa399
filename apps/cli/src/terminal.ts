import type { ServeMessage } from "./serve/serve-message.ts";

/** Where a run reads from and writes to: the process, or a test. */
export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Progress and errors. */
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  /** Columns of the screen; undefined when the output goes to a file or a pipe. */
  readonly columns: number | undefined;
  readonly signals: SignalSource;
  /** The process that started this one and waits for messages; undefined when there is none. */
  readonly parent: ParentLink | undefined;
  /** Called with errors that nothing caught; the process goes on meanwhile. */
  onFault(listener: (error: unknown) => void): void;
  /** Ends the process at once, whatever is under way. */
  abandon(exitCode: number): void;
}

/** A channel to the process that started this one. */
export interface ParentLink {
  send(message: ServeMessage): void;
  /** Called when the other process ends. */
  onLost(listener: () => void): void;
  /** Lets this process end. */
  close(): void;
}

export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

export interface SignalSource {
  on(signal: StopSignal, listener: () => void): unknown;
  off(signal: StopSignal, listener: () => void): unknown;
}

/**
 * The terminal of this process. A reader that closes the pipe early (`scouter traces list | head -1`) has what it
 * wants: further output is dropped and the run ends as it would have.
 */
export function processTerminal(): Terminal {
  return {
    out: writerOf(process.stdout),
    err: writerOf(process.stderr),
    env: process.env,
    workingFolder: process.cwd(),
    columns: process.stdout.columns,
    signals: process,
    parent: process.connected ? parentOf(process) : undefined,
    onFault(listener) {
      process.on("uncaughtException", listener);
      process.on("unhandledRejection", listener);
    },
    abandon: (exitCode) => process.exit(exitCode),
  };
}

function parentOf(self: NodeJS.Process): ParentLink {
  return {
    send(message) {
      if (self.connected) self.send?.(message);
    },
    onLost(listener) {
      self.once("disconnect", listener);
    },
    close() {
      if (self.connected) self.disconnect();
    },
  };
}

function writerOf(stream: NodeJS.WriteStream): (text: string) => void {
  let closed = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    closed = true;
  });
  return (text) => {
    if (!closed) stream.write(text);
  };
}
