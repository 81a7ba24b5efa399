import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";

export interface EngineOptions {
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
  close(): void;
}

/** Extensions are never fetched: the server works without a network, and what it runs is what was installed. */
const FIXED_SETTINGS = {
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
} as const;

export async function openEngine(options: EngineOptions): Promise<Engine> {
  const instance = await DuckDBInstance.create(":memory:", {
    ...FIXED_SETTINGS,
    threads: String(options.threads),
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
  return {
    writer,
    async withConnection(work, signal) {
      const connection = idle.pop() ?? (await connect());
      const interrupt = () => connection.interrupt();
      signal?.addEventListener("abort", interrupt);
      try {
        return await work(connection);
      } finally {
        signal?.removeEventListener("abort", interrupt);
        idle.push(connection);
      }
    },
    close() {
      for (const connection of [...idle, writer]) connection.closeSync();
      instance.closeSync();
    },
  };
}
