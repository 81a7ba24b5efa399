import { Worker } from "node:worker_threads";
import { errors } from "../../errors.ts";
import { DriverError } from "../driver-error.ts";
import { initdbTemplate } from "./initdb-template.ts";
import type {
  PgliteCall,
  PgliteCallMessage,
  PgliteReply,
  PgliteRows,
  PgliteWorkerData,
} from "./pglite-protocol.ts";
import { keepGenericWasmWrappers } from "./wasm-wrappers.ts";

interface Waiter {
  readonly resolve: (result: PgliteRows) => void;
  readonly reject: (error: unknown) => void;
}

export interface PgliteStart {
  readonly folder: string;
  /** `false` makes a new folder as it is made where no template is at hand; true by default. */
  readonly fromTemplate?: boolean;
}

/**
 * The main thread's side of the PGlite worker. When the worker ends, for whatever reason, every pending and later
 * call rejects with DATABASE_WORKER_ENDED.
 */
export class PgliteWorkerClient {
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  readonly #waiters = new Map<number, Waiter>();
  readonly #exited: Promise<void>;
  #onNotification: (channel: string, payload: string) => void = () => {};
  #nextId = 1;
  #ended: Error | undefined;

  private constructor(data: PgliteWorkerData) {
    this.#worker = startWorker(data);
    const exited = Promise.withResolvers<void>();
    const ready = Promise.withResolvers<void>();
    this.#exited = exited.promise;
    this.#ready = ready.promise;
    this.#worker.on("message", (reply: PgliteReply) => {
      if (reply.kind === "ready") ready.resolve();
      else if (reply.kind === "not-ready") ready.reject(folderError(data, reply.error.message));
      else this.#receive(reply);
    });
    this.#worker.on("error", (error) => {
      this.#end(errors.DATABASE_WORKER_ENDED({ reason: String(error) }, { cause: error }));
    });
    this.#worker.on("exit", (code) => {
      this.#end(errors.DATABASE_WORKER_ENDED({ reason: `exit code ${code}` }));
      ready.reject(this.#ended);
      exited.resolve();
    });
  }

  /** Rejects with DATABASE_FOLDER_UNREADABLE when PGlite cannot start on the folder. */
  static async start({ folder, fromTemplate = true }: PgliteStart): Promise<PgliteWorkerClient> {
    const template = fromTemplate ? initdbTemplate() : undefined;
    const client = new PgliteWorkerClient({ folder, template });
    await client.#ready;
    return client;
  }

  query(sql: string, parameters: readonly unknown[]): Promise<PgliteRows> {
    return this.#call({ kind: "query", sql, parameters });
  }

  async listen(channel: string): Promise<void> {
    await this.#call({ kind: "listen", channel });
  }

  async unlisten(channel: string): Promise<void> {
    await this.#call({ kind: "unlisten", channel });
  }

  onNotification(handler: (channel: string, payload: string) => void): void {
    this.#onNotification = handler;
  }

  /** Ends the worker after the calls it has. Calling it again, or after the worker died, is allowed. */
  async close(): Promise<void> {
    if (this.#ended === undefined) await this.#call({ kind: "close" });
    await this.#exited;
  }

  /** Ends the worker at once, calls under way included. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #call(call: PgliteCall): Promise<PgliteRows> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiters.set(id, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
      this.#worker.postMessage({ id, call } satisfies PgliteCallMessage);
    });
  }

  #receive(reply: Exclude<PgliteReply, { kind: "ready" } | { kind: "not-ready" }>): void {
    if (reply.kind === "notification") return this.#onNotification(reply.channel, reply.payload);
    const waiter = this.#waiters.get(reply.id);
    this.#waiters.delete(reply.id);
    if (reply.kind === "result") waiter?.resolve(reply.result);
    else waiter?.reject(new DriverError(reply.error));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const waiter of this.#waiters.values()) waiter.reject(this.#ended);
    this.#waiters.clear();
  }
}

/** The source tree runs `.ts` under the workspace's condition, the built package `.js`. */
function startWorker(data: PgliteWorkerData): Worker {
  keepGenericWasmWrappers();
  const isSource = import.meta.url.endsWith(".ts");
  const file = isSource ? "./pglite-worker.ts" : "./pglite-worker.js";
  return new Worker(new URL(file, import.meta.url), {
    workerData: data,
    execArgv: isSource ? ["--conditions=scouter-source"] : [],
    name: "scouter-pglite",
  });
}

function folderError({ folder }: PgliteWorkerData, reason: string): Error {
  return errors.DATABASE_FOLDER_UNREADABLE({ folder, reason });
}
