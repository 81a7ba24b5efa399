import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { errors } from "../errors.ts";

export interface EngineOptions {
  /** For reads; a lone write is done by one. */
  readonly threads: number;
  readonly memoryLimitMb: number;
  /** Folder for spilled intermediate results. */
  readonly temporaryFolder: string;
}

/**
 * The analytical engine inside the lake worker: one in-memory instance whose tables are the staged segments, with a
 * pool of connections, since a connection runs one statement at a time.
 */
export interface Engine {
  /** Connection of the writer: appends and table changes. Never used by reads. */
  readonly writer: DuckDBConnection;
  /**
   * Runs `work` with a connection of its own from the pool. An abort of the signal interrupts the statement that runs,
   * which then rejects.
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

/** Extensions are never fetched: the server works without a network, and what it runs is what was installed. */
const FIXED_SETTINGS = {
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
} as const;

export async function openEngine(options: EngineOptions): Promise<Engine> {
  const instance = await DuckDBInstance.create(":memory:", {
    ...FIXED_SETTINGS,
    threads: "1",
    memory_limit: `${options.memoryLimitMb}MB`,
    temp_directory: options.temporaryFolder,
  });
  const connect = async () => {
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return connection;
  };
  const writer = await connect();
  await writer.run("SET GLOBAL parquet_metadata_cache = true");
  const idle: DuckDBConnection[] = [];
  // Of its own: the writer's is busy with rows.
  const control = await connect();
  const setThreads = (threads: number) => control.run(`SET threads = ${threads}`);
  const width = new EngineWidth(options.threads, setThreads);
  const running = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;
  const onConnection: Engine["withConnection"] = async (work, signal) => {
    const connection = idle.pop() ?? (await connect());
    const interrupt = () => connection.interrupt();
    signal?.addEventListener("abort", interrupt);
    try {
      const result = await work(connection);
      idle.push(connection);
      return result;
    } catch (error) {
      // What state it is in is not known: the next statement gets another one.
      connection.closeSync();
      throw error;
    } finally {
      signal?.removeEventListener("abort", interrupt);
    }
  };
  const onReader: Engine["withReader"] = async (work, signal) => {
    await width.widen();
    try {
      return await onConnection(work, signal).catch((error: unknown) => {
        if (signal?.aborted === true) throw error;
        // Seen once in a thousand reads of processes that were stopped and gone on with: the engine calls a result closed
        // that nobody closed ("unsuccessful or closed pending query result"). A read changes nothing, so it is done again,
        // once; an error of the question itself comes again.
        return onConnection(work, signal);
      });
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
    // Behind what its user began and did not wait for: a connection does one statement after the other.
    await writer.run("SELECT 1").catch(() => undefined);
    for (const connection of [...idle, control, writer]) connection.closeSync();
    instance.closeSync();
  };
  return {
    writer,
    withConnection: (work, signal) => unlessClosed(() => onConnection(work, signal)),
    withReader: (work, signal) => unlessClosed(() => onReader(work, signal)),
    close: () => (closing ??= close()),
  };
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
