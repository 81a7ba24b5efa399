import { Worker } from "node:worker_threads";
import { ScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { TableFile } from "../source/open-table.ts";
import type { TableJob, TableJobName, TableJobResult } from "./table-job.ts";
import type { TableWorkerData, TableWorkerReply } from "./table-worker.ts";

/** Does a job on a file in a thread of its own, which ends with it. An abort ends the thread and rejects with its reason. */
export function runInThread<Name extends TableJobName>(
  table: TableFile,
  job: TableJob<Name>,
  signal?: AbortSignal,
): Promise<TableJobResult<Name>> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const workerData: TableWorkerData = { table, job };
    const worker = new Worker(workerUrl(), { workerData, ...workerOptions() });
    const abort = () => {
      reject(signal?.reason as Error);
      void worker.terminate();
    };
    signal?.addEventListener("abort", abort, { once: true });
    worker.once("message", (reply: TableWorkerReply) => {
      if ("error" in reply) reject(new ScouterError(reply.error));
      else resolve(reply.result as TableJobResult<Name>);
    });
    worker.once("error", (cause) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      reject(errors.TABULAR_THREAD_ENDED({ reason }, { cause }));
    });
    worker.once("exit", (code) => {
      signal?.removeEventListener("abort", abort);
      // After an answer this changes nothing.
      reject(errors.TABULAR_THREAD_ENDED({ reason: `exit code ${code}` }));
    });
  });
}

/** The thread's module lies beside this one, as source when this is source. */
const isSource = import.meta.url.endsWith(".ts");
function workerUrl(): URL {
  return new URL(isSource ? "./table-worker.ts" : "./table-worker.js", import.meta.url);
}
function workerOptions() {
  return isSource ? { execArgv: ["--conditions=scouter-source"] } : {};
}
