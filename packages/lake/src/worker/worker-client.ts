import { Worker } from "node:worker_threads";
import { ScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type {
  LakeCallMessage,
  LakeCallName,
  LakeCalls,
  LakeCancelMessage,
  LakeHaltMessage,
  LakeReadyMessage,
  LakeReplyMessage,
  LakeThreadData,
  LakeWorkerData,
} from "./protocol.ts";
import { holdExit, threadEnd } from "./thread-end.ts";

/** The main thread's end of the lake worker: calls by message, answers matched by id. */
export interface LakeWorkerClient {
  call<Name extends LakeCallName>(
    name: Name,
    input: LakeCalls[Name]["input"],
    options?: {
      /** Memory that moves to the worker. */
      readonly transfer?: readonly ArrayBuffer[];
      /** Cancels the call: it then rejects with `LAKE_QUERY_CANCELLED`, unless it is done already. */
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<LakeCalls[Name]["output"]>;
  /** Asks the worker to finish what runs and end. Idempotent. */
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (output: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Starts the worker; resolves when the table is open. `onEnd` is called if it ends without `close`. */
export async function startLakeWorker(
  data: LakeWorkerData,
  onEnd: (error: ScouterError) => void,
): Promise<LakeWorkerClient> {
  const threadData: LakeThreadData = { ...data, end: threadEnd() };
  const worker = new Worker(workerUrl(), { workerData: threadData, ...workerOptions() });
  const releaseExit = holdExit(threadData.end, () =>
    worker.postMessage({ halt: true } satisfies LakeHaltMessage),
  );
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let closing: Promise<void> | undefined;
  let ended: ScouterError | undefined;

  const end = (reason: string, cause?: unknown) => {
    if (ended !== undefined) return;
    ended = errors.LAKE_WORKER_ENDED({ reason }, { cause });
    for (const entry of waiting.values()) entry.reject(ended);
    waiting.clear();
    if (closing === undefined) onEnd(ended);
  };
  worker.on("error", (error) => end(error instanceof Error ? error.message : String(error), error));
  const exited = new Promise<void>((resolve) => {
    worker.once("exit", (code) => {
      releaseExit();
      end(`exit code ${code}`);
      resolve();
    });
  });
  try {
    await ready(worker);
  } catch (error) {
    // Told by the rejection: its end is no news.
    closing = exited;
    throw error;
  }
  worker.on("message", (message: LakeReplyMessage) => {
    const entry = waiting.get(message.id);
    if (entry === undefined) return;
    waiting.delete(message.id);
    if ("error" in message) entry.reject(new ScouterError(message.error));
    else entry.resolve(message.output as never);
  });

  const call: LakeWorkerClient["call"] = (name, input, { transfer = [], signal } = {}) => {
    if (ended !== undefined) return Promise.reject(ended);
    if (signal?.aborted === true) return Promise.reject(errors.LAKE_QUERY_CANCELLED({}));
    const id = nextId++;
    const cancel = () => worker.postMessage({ cancel: id } satisfies LakeCancelMessage);
    signal?.addEventListener("abort", cancel, { once: true });
    const answered = new Promise<never>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      const message: LakeCallMessage = { id, name, input };
      worker.postMessage(message, transfer);
    });
    return answered.finally(() => signal?.removeEventListener("abort", cancel));
  };
  return {
    call,
    close() {
      closing ??= call("close", undefined)
        .catch(ignoreEnded)
        .then(() => exited);
      return closing;
    },
  };
}

/** A worker that is already gone needs no closing. */
function ignoreEnded(error: unknown): void {
  if (!(error instanceof ScouterError) || error.code !== "LAKE_WORKER_ENDED") throw error;
}

function ready(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number) => {
      reject(errors.LAKE_WORKER_ENDED({ reason: `exit code ${code} at start` }));
    };
    worker.once("error", reject);
    worker.once("exit", onExit);
    worker.once("message", (message: LakeReadyMessage) => {
      worker.off("error", reject);
      worker.off("exit", onExit);
      if ("failed" in message) reject(new ScouterError(message.failed));
      else resolve();
    });
  });
}

/** The worker's module lies beside this one, as source when this is source. */
const isSource = import.meta.url.endsWith(".ts");
function workerUrl(): URL {
  return new URL(isSource ? "./lake-worker.ts" : "./lake-worker.js", import.meta.url);
}
function workerOptions() {
  return isSource ? { execArgv: ["--conditions=scouter-source"] } : {};
}
