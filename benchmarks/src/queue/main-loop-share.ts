import { Worker } from "node:worker_threads";
import { httpTransport, ScouterQueue, type EvalRecordItem } from "@scouter/sdk";

/** A server in a thread of its own that says "stored" to every message. */
const STORING_SERVER = `
  const { createServer } = require("node:http");
  const { parentPort } = require("node:worker_threads");
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"status":"success","message":"stored","accepted":25,"rejected":[]}');
    });
  });
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));`;

const TICK_MS = 10;

/**
 * Share of the main thread, 0..1, that a queue takes which is offered so many records a second: serialising, compressing
 * and sending over HTTP included, the making of the records not. The same loop without a queue is taken off.
 */
export async function mainLoopShare(options: {
  readonly recordsPerSecond: number;
  readonly seconds: number;
  readonly recordOf: (number: number) => EvalRecordItem;
}): Promise<{ readonly share: number; readonly records: number }> {
  const server = new Worker(STORING_SERVER, { eval: true });
  const port = await new Promise<number>((resolve) => server.once("message", resolve));
  const queue = new ScouterQueue({
    profiles: { bench: { uid: "entity" } },
    transport: httpTransport({ baseUrl: `http://127.0.0.1:${port}`, gzip: true }),
    capacity: 100_000,
    batchSize: 500,
  });
  try {
    await atRate(options, () => true);
    const idle = await atRate(options, () => true);
    const busy = await atRate(options, (number) => queue.insert("bench", options.recordOf(number)));
    const { stats } = await queue.shutdown({ timeoutMs: 60_000 });
    if (stats.acknowledged !== busy.records) throw new Error("not every record was delivered");
    return { share: busy.share - idle.share, records: busy.records };
  } finally {
    await server.terminate();
  }
}

/** Main-thread CPU time per wall time while `offer` is called so often. */
async function atRate(
  { recordsPerSecond, seconds }: { readonly recordsPerSecond: number; readonly seconds: number },
  offer: (number: number) => boolean,
): Promise<{ readonly share: number; readonly records: number }> {
  const startMs = performance.now();
  const before = process.threadCpuUsage();
  let records = 0;
  for (;;) {
    const elapsedMs = performance.now() - startMs;
    if (elapsedMs >= seconds * 1000) break;
    const due = Math.floor((elapsedMs / 1000) * recordsPerSecond);
    for (; records < due; records += 1) {
      if (!offer(records)) throw new Error(`record ${records} was refused`);
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  const { user, system } = process.threadCpuUsage(before);
  const wallMicroseconds = (performance.now() - startMs) * 1000;
  return { share: (user + system) / wallMicroseconds, records };
}
