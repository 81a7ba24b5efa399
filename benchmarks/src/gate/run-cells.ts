import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type Cell, type CellResult, noResult, together } from "./cell.ts";
import type { Chunk } from "./simulate.ts";

/** Runs a thread does at once: small enough that all threads end together. */
const CHUNK_RUNS = 250;

export interface Simulation {
  readonly cells: readonly Cell[];
  /** Simulated comparisons of each cell. */
  readonly runs: number;
  readonly seed: number;
  readonly threads: number;
  /** Called once for every cell, in their order. */
  readonly onCell: (cell: Cell, result: CellResult) => void;
}

/** Every cell on worker threads. How many there are changes the time, never a figure: each chunk has a seed of its own. */
export async function runCells({ cells, runs, seed, threads, onCell }: Simulation): Promise<void> {
  const chunks = cells.flatMap((cell, place) => chunksOf(cell, place, runs, seed));
  const results = cells.map(() => ({ result: noResult, open: 0 }));
  for (const { place } of chunks) results[place]!.open += 1;
  let printed = 0;
  const queue = [...chunks];
  const work = async () => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url));
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        worker.postMessage(next.chunk);
        const [result] = (await once(worker, "message")) as [CellResult];
        const own = results[next.place]!;
        own.result = together(own.result, result);
        own.open -= 1;
        for (; results[printed]?.open === 0; printed += 1) {
          onCell(cells[printed]!, results[printed]!.result);
        }
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
}

function chunksOf(cell: Cell, place: number, runs: number, seed: number) {
  return Array.from({ length: Math.ceil(runs / CHUNK_RUNS) }, (_, index) => {
    const chunk: Chunk = {
      cell,
      runs: Math.min(CHUNK_RUNS, runs - index * CHUNK_RUNS),
      seed: seed + place * 10_007 + index,
    };
    return { place, chunk };
  });
}
