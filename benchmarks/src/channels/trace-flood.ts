/** Runs in a thread of its own, so that what it takes is not taken for a delay of the server's. */
import { parentPort, workerData } from "node:worker_threads";
import { requestTemplate } from "../smoke/span-load.ts";

export interface TraceFloodInput {
  readonly url: string;
  readonly requestsAtOnce: number;
}

export interface TraceFloodResult {
  readonly taken: number;
  readonly refused: number;
}

const { url, requestsAtOnce } = workerData as TraceFloodInput;
const template = requestTemplate();
let taken = 0;
let refused = 0;
let stopped = false;

/** The same bytes would be recognised as a repeat: every request has ids of its own. */
async function sendOn(): Promise<void> {
  while (!stopped) {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/x-protobuf" },
      body: template.next(),
    });
    await response.arrayBuffer();
    if (response.ok) taken += 1;
    else refused += 1;
  }
}

const sending = Promise.all(Array.from({ length: requestsAtOnce }, sendOn));
parentPort?.once("message", () => {
  stopped = true;
  void sending.then(() => {
    const result: TraceFloodResult = { taken, refused };
    parentPort?.postMessage(result);
  });
});
