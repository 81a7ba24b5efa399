// A thread that simulates the chunks it is sent, one after the other.
import { parentPort } from "node:worker_threads";
import { type Chunk, simulate } from "./simulate.ts";

parentPort?.on("message", (chunk: Chunk) => parentPort?.postMessage(simulate(chunk)));
