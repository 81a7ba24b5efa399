import { Worker } from "node:worker_threads";
import { ScouterError } from "@scouter/contracts";
import type { ResultTexts } from "@scouter/database";
import { errors } from "../../errors.ts";
import type {
  EvaluationJob,
  EvaluationOrder,
  EvaluationReply,
  ThreadError,
} from "./thread-message.ts";

export interface ThreadEvaluation {
  readonly results: ResultTexts;
  /** Of the thread's work, without waiting. */
  readonly tookMs: number;
  /** Processor time of the same. */
  readonly cpuMs: number;
}

export interface EvaluationThreadsOptions {
  /** Threads at most; at least 1. They are started when there is work for them. */
  readonly size: number;
  /** Memory of one thread; a record that needs more ends it. Default 1,024. */
  readonly maxHeapMb?: number | undefined;
  /** Another module than the one that evaluates; for tests. */
  readonly module?: URL | undefined;
}

interface Waiting {
  readonly job: EvaluationJob;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (evaluation: ThreadEvaluation) => void;
  readonly reject: (error: unknown) => void;
}

/** Work that is queued may not pile up: each item holds a context in memory. */
const QUEUED_PER_THREAD = 2;

/**
 * Threads that evaluate records which would hold up the main one. One record a thread at a time, so a thread that ends (out of
 * memory, a defect) takes one record with it: that attempt rejects, and the next record gets a new thread.
 */
export class EvaluationThreads {
  readonly #options: EvaluationThreadsOptions;
  readonly #queue: Waiting[] = [];
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Waiting>();
  #roomWaiters: (() => void)[] = [];
  #nextId = 1;
  #closed = false;

  constructor(options: EvaluationThreadsOptions) {
    this.#options = options;
  }

  /** Resolves when another record may be handed in without piling up. */
  async untilRoom(): Promise<void> {
    while (!this.#closed && this.#queue.length >= this.#options.size * QUEUED_PER_THREAD) {
      await new Promise<void>((resolve) => this.#roomWaiters.push(resolve));
    }
  }

  /**
   * Rejects with what the evaluation rejects with, with the signal's reason, or with `SERVER_EVALUATION_THREAD_ENDED`. An
   * abort ends the thread that is at it.
   */
  async evaluate(job: EvaluationJob, signal?: AbortSignal): Promise<ThreadEvaluation> {
    signal?.throwIfAborted();
    if (this.#closed) throw errors.SERVER_STOPPING({});
    const { promise, resolve, reject } = Promise.withResolvers<ThreadEvaluation>();
    const waiting: Waiting = { job, signal, resolve, reject };
    const cancel = () => this.#cancel(waiting);
    signal?.addEventListener("abort", cancel, { once: true });
    this.#queue.push(waiting);
    this.#proceed();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** Ends all threads; what they are at rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#queue.splice(0)) reject(errors.SERVER_STOPPING({}));
    const threads = [...this.#idle.splice(0), ...this.#busy.keys()];
    await Promise.all(threads.map((thread) => thread.terminate()));
    this.#tellRoom();
  }

  #proceed(): void {
    while (this.#queue.length > 0) {
      const thread = this.#idle.pop() ?? this.#started();
      if (thread === undefined) return;
      const waiting = this.#queue.shift() as Waiting;
      this.#busy.set(thread, waiting);
      thread.ref();
      thread.postMessage({ id: this.#nextId++, job: waiting.job } satisfies EvaluationOrder);
      this.#tellRoom();
    }
  }

  #started(): Worker | undefined {
    if (this.#closed || this.#busy.size >= this.#options.size) return undefined;
    const thread = new Worker(this.#options.module ?? moduleUrl(), {
      ...workerOptions(),
      name: "scouter-evaluation",
      resourceLimits: { maxOldGenerationSizeMb: this.#options.maxHeapMb ?? 1_024 },
    });
    let reason = "";
    thread.on("message", (reply: EvaluationReply) => this.#settle(thread, reply));
    thread.on("error", (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    thread.on("exit", (code) => this.#lost(thread, reason || `exit code ${code}`));
    return thread;
  }

  #settle(thread: Worker, reply: EvaluationReply): void {
    const waiting = this.#busy.get(thread);
    this.#busy.delete(thread);
    // An idle thread must not keep the process alive.
    thread.unref();
    this.#idle.push(thread);
    if ("error" in reply) waiting?.reject(new ScouterError(errorParts(reply.error)));
    else waiting?.resolve(reply);
    this.#proceed();
  }

  #lost(thread: Worker, reason: string): void {
    const at = this.#idle.indexOf(thread);
    if (at >= 0) this.#idle.splice(at, 1);
    const waiting = this.#busy.get(thread);
    this.#busy.delete(thread);
    waiting?.reject(
      waiting.signal?.aborted
        ? waiting.signal.reason
        : errors.SERVER_EVALUATION_THREAD_ENDED({ reason }),
    );
    this.#proceed();
  }

  #cancel(waiting: Waiting): void {
    const queued = this.#queue.indexOf(waiting);
    if (queued >= 0) {
      this.#queue.splice(queued, 1);
      waiting.reject(waiting.signal?.reason);
      this.#tellRoom();
      return;
    }
    for (const [thread, at] of this.#busy) if (at === waiting) void thread.terminate();
  }

  #tellRoom(): void {
    const waiters = this.#roomWaiters;
    this.#roomWaiters = [];
    for (const resolve of waiters) resolve();
  }
}

function errorParts({ remedy, code, kind, message }: ThreadError) {
  return { code, kind, message, ...(remedy === undefined ? {} : { remedy }) };
}

/** The thread's module lies beside this one, as source when this is source. */
const isSource = import.meta.url.endsWith(".ts");
function moduleUrl(): URL {
  return new URL(isSource ? "./evaluation-thread.ts" : "./evaluation-thread.js", import.meta.url);
}
function workerOptions() {
  return isSource ? { execArgv: ["--conditions=scouter-source"] } : {};
}
