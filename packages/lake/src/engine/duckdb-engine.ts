import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { errors } from "../errors.ts";
import { INTERRUPT_AGAIN_MS, NativeCalls } from "./native-calls.ts";
import { noteEngine } from "./open-engines.ts";
import { openSpillFolder } from "./spill-folder.ts";

export interface EngineOptions {
  /** For reads; a lone write is done by one. */
  readonly threads: number;
  readonly memoryLimitMb: number;
  /** Folder in which the engine makes one of its own, for what does not fit into its memory. */
  readonly temporaryFolder: string;
}

/**
 * The analytical engine inside the lake worker: one in-memory instance whose tables are the staged segments, with a
 * pool of connections, since a connection runs one statement at a time: a second one that starts meanwhile ends the
 * first, which then says that its result is "unsuccessful or closed".
 */
export interface Engine {
  /**
   * Of the appenders. They work within a call, on the thread that calls, so they never meet each other on it; a
   * statement, which runs on another thread, would meet them. So nothing else may use it.
   */
  readonly appending: DuckDBConnection;
  /**
   * Runs `work` with a connection of its own from the pool. An abort of the signal interrupts what runs, now or later
   * in `work`, and the call rejects, also when `work` came to its end all the same.
   */
  withConnection<Result>(
    work: (connection: DuckDBConnection) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result>;
  /** As `withConnection`, with all threads of the engine. */
  withReader<Result>(
    work: (connection: DuckDBConnection) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result>;
  /**
   * Ends after every statement that runs: the engine must not be closed under one, which hangs the thread or ends the
   * process. What is asked for later rejects with `LAKE_WORKER_ENDED`. Idempotent.
   */
  close(): Promise<void>;
}

/**
 * While one thread of several does the work of a small statement, the others spin, which doubles what a flush costs. So
 * there are several only while something is read, and for so long after it.
 */
const READING_LASTS_MS = 2_000;

const CLOSED = "the engine is closed";

/**
 * Extensions are never fetched: the server works without a network, and what it runs is what was installed. Parts of files
 * are not kept in memory: the system does that already, outside the process.
 */
const FIXED_SETTINGS = {
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  enable_external_file_cache: "false",
} as const;

/** When the process ends, or its thread by `haltEngines`, what runs on it is interrupted. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const connected = new Set<DuckDBConnection>();
  const calls = new NativeCalls(() => {
    for (const connection of connected) connection.interrupt();
  });
  const forget = noteEngine(calls);
  try {
    return await openNoted(options, calls, connected, forget);
  } catch (error) {
    forget();
    throw error;
  }
}

async function openNoted(
  options: EngineOptions,
  calls: NativeCalls,
  connected: Set<DuckDBConnection>,
  forget: () => void,
): Promise<Engine> {
  const spill = await openSpillFolder(options.temporaryFolder);
  const instance = await calls.run(() =>
    DuckDBInstance.create(":memory:", {
      ...FIXED_SETTINGS,
      threads: "1",
      memory_limit: `${options.memoryLimitMb}MB`,
      temp_directory: spill.folder,
    }),
  );
  const connect = async () => {
    const connection = noted(calls, await calls.run(() => instance.connect()));
    connected.add(connection);
    await connection.run("SET TimeZone = 'UTC'");
    return connection;
  };
  const disconnect = (connection: DuckDBConnection) => {
    connected.delete(connection);
    connection.closeSync();
  };
  const appending = await connect();
  await appending.run("SET GLOBAL parquet_metadata_cache = true");
  const idle: DuckDBConnection[] = [];
  const control = await connect();
  const setThreads = (threads: number) => control.run(`SET threads = ${threads}`);
  const width = new EngineWidth(options.threads, setThreads);
  const running = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;
  const onConnection: Engine["withConnection"] = async (work, signal) => {
    const connection = idle.pop() ?? (await connect());
    const interruption = new Interruption(connection, signal);
    try {
      // The caller may have gone while a connection was made.
      signal?.throwIfAborted();
      const result = await work(connection);
      // The interrupt may have come between two statements, or have found none and still be on its way.
      signal?.throwIfAborted();
      idle.push(connection);
      return result;
    } catch (error) {
      // What state it is in is not known: the next statement gets another one.
      disconnect(connection);
      throw error;
    } finally {
      interruption.end();
    }
  };
  const onReader: Engine["withReader"] = async (work, signal) => {
    await width.widen();
    try {
      return await onConnection(work, signal);
    } finally {
      width.release();
    }
  };
  const unlessClosed = <Result>(begin: () => Promise<Result>): Promise<Result> => {
    if (closing !== undefined) return Promise.reject(errors.LAKE_WORKER_ENDED({ reason: CLOSED }));
    const run = begin();
    running.add(run);
    const forget = () => running.delete(run);
    run.then(forget, forget);
    return run;
  };
  const close = async () => {
    await Promise.allSettled(running);
    await width.close();
    for (const connection of [...idle, control, appending]) disconnect(connection);
    instance.closeSync();
    forget();
    await spill.remove();
  };
  return {
    appending,
    withConnection: (work, signal) => unlessClosed(() => onConnection(work, signal)),
    withReader: (work, signal) => unlessClosed(() => onReader(work, signal)),
    close: () => (closing ??= close()),
  };
}

/** Its statements are among the calls. */
function noted(calls: NativeCalls, connection: DuckDBConnection): DuckDBConnection {
  const run = connection.run.bind(connection);
  const runAndReadAll = connection.runAndReadAll.bind(connection);
  connection.run = (...statement) => calls.run(() => run(...statement));
  connection.runAndReadAll = (...statement) => calls.run(() => runAndReadAll(...statement));
  return connection;
}

/** Interrupts a connection from the abort of a signal on, until its work has ended. */
class Interruption {
  readonly #connection: DuckDBConnection;
  readonly #signal: AbortSignal | undefined;
  #again: NodeJS.Timeout | undefined;

  constructor(connection: DuckDBConnection, signal: AbortSignal | undefined) {
    this.#connection = connection;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#interrupt);
  }

  readonly #interrupt = (): void => {
    this.#connection.interrupt();
    this.#again = setTimeout(this.#interrupt, INTERRUPT_AGAIN_MS);
  };

  end(): void {
    this.#signal?.removeEventListener("abort", this.#interrupt);
    clearTimeout(this.#again);
  }
}

/** Gives the engine its threads while there are readers. */
class EngineWidth {
  readonly #threads: number;
  readonly #setThreads: (threads: number) => Promise<unknown>;
  #readers = 0;
  /** Changes follow each other. */
  #changed: Promise<unknown> = Promise.resolve();
  #isWide = false;
  #narrowing: NodeJS.Timeout | undefined;

  constructor(threads: number, setThreads: (threads: number) => Promise<unknown>) {
    this.#threads = threads;
    this.#setThreads = setThreads;
  }

  async widen(): Promise<void> {
    this.#readers += 1;
    clearTimeout(this.#narrowing);
    if (!this.#isWide && this.#threads > 1) this.#change(true);
    await this.#changed;
  }

  release(): void {
    this.#readers -= 1;
    if (this.#readers > 0 || !this.#isWide) return;
    this.#narrowing = setTimeout(() => this.#change(false), READING_LASTS_MS);
    this.#narrowing.unref();
  }

  /** When there are no readers any more: resolves when no change is under way. */
  async close(): Promise<void> {
    clearTimeout(this.#narrowing);
    await this.#changed;
  }

  #change(isWide: boolean): void {
    this.#isWide = isWide;
    const threads = isWide ? this.#threads : 1;
    // With the threads it had, it answers all the same.
    this.#changed = this.#changed.then(() => this.#setThreads(threads)).catch(() => undefined);
  }
}
