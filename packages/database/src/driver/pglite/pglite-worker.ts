/**
 * The worker thread that runs PGlite: it computes synchronously, so it would stop the server's event loop. One call
 * at a time, in the order of arrival; the other side (`PgliteWorkerClient`) sends no second one before the reply.
 */
import { existsSync, openAsBlob } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite, types } from "@electric-sql/pglite";
import { driverErrorFields } from "../driver-error.ts";
import { readInt8 } from "../read-int8.ts";
import { INITDB_PARAMETERS } from "./initdb-template.ts";
import type {
  PgliteCall,
  PgliteCallMessage,
  PgliteReply,
  PgliteRows,
  PgliteWorkerData,
} from "./pglite-protocol.ts";

const NO_ROWS: PgliteRows = { rows: [], affectedRows: undefined };

/** PGlite checkpoints only when told to: these bound what a restart has to read and what idles in memory. */
const START_PARAMETERS = [
  "-c",
  "max_wal_size=64MB",
  "-c",
  "min_wal_size=2MB",
  "-c",
  "shared_buffers=16MB",
];

function reply(message: PgliteReply): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  parentPort?.postMessage(message);
}

async function open({ folder, template }: PgliteWorkerData): Promise<PGlite> {
  const isNew = !existsSync(join(folder, "PG_VERSION"));
  const archive = isNew && template !== undefined ? await openAsBlob(template) : undefined;
  return PGlite.create({
    dataDir: folder,
    ...(archive === undefined ? {} : { loadDataDir: archive }),
    initDbStartParams: [...INITDB_PARAMETERS],
    startParams: [...PGlite.defaultStartParams, ...START_PARAMETERS],
    parsers: { [types.INT8]: readInt8, [types.TIMESTAMPTZ]: (text: string) => text },
  });
}

async function answer(database: PGlite, call: PgliteCall): Promise<PgliteRows> {
  if (call.kind === "query") {
    const { rows, affectedRows } = await database.query(call.sql, [...call.parameters]);
    return { rows, affectedRows };
  }
  if (call.kind === "listen") await listen(database, call.channel);
  else if (call.kind === "unlisten") await database.unlisten(call.channel);
  else await database.close();
  return NO_ROWS;
}

async function listen(database: PGlite, channel: string): Promise<void> {
  await database.listen(channel, (payload) => reply({ kind: "notification", channel, payload }));
}

async function take(database: PGlite, { id, call }: PgliteCallMessage): Promise<void> {
  try {
    reply({ kind: "result", id, result: await answer(database, call) });
    if (call.kind === "close") parentPort?.close();
  } catch (error) {
    reply({ kind: "error", id, error: driverErrorFields(error) });
  }
}

async function serve(): Promise<void> {
  const database = await open(workerData as PgliteWorkerData);
  parentPort?.on("message", (message: PgliteCallMessage) => void take(database, message));
  reply({ kind: "ready" });
}

try {
  await serve();
} catch (error) {
  reply({ kind: "not-ready", error: driverErrorFields(error) });
  parentPort?.close();
}
