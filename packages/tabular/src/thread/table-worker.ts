import { parentPort, workerData } from "node:worker_threads";
import { isScouterError, type ScouterErrorFields } from "@scouter/contracts";
import type { TableFile } from "../source/open-table.ts";
import { runTableJob, type TableJob } from "./table-job.ts";

/** What the thread gets. */
export interface TableWorkerData {
  readonly table: TableFile;
  readonly job: TableJob;
}

/** What it answers, once. */
export type TableWorkerReply =
  | { readonly result: unknown }
  | { readonly error: ScouterErrorFields };

const { table, job } = workerData as TableWorkerData;
parentPort?.postMessage(await reply());

async function reply(): Promise<TableWorkerReply> {
  try {
    return { result: await runTableJob(table, job) };
  } catch (error) {
    if (!isScouterError(error)) throw error;
    return { error: { ...fieldsOf(error) } };
  }
}

function fieldsOf({ code, kind, message, remedy }: ScouterErrorFields): ScouterErrorFields {
  return { code, kind, message, ...(remedy === undefined ? {} : { remedy }) };
}
