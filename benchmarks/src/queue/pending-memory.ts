import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { memoryTransport, ScouterQueue, type EvalRecordItem } from "@scouter/sdk";

/**
 * Bytes of heap that one pending record takes, its slot in the buffer included.
 *
 * @param recordOf makes the record at its insertion, or gives one that the app holds anyway
 */
export async function pendingBytes(
  count: number,
  recordOf: (number: number) => EvalRecordItem,
): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const atFirst = process.memoryUsage().heapUsed;
  const never = () => new Promise<never>(() => {});
  const transport = memoryTransport({ script: Array.from({ length: 100 }, () => never) });
  const queue = new ScouterQueue({
    profiles: { bench: { uid: "entity" } },
    transport,
    capacity: 2 * count,
    batchSize: count,
    maxConcurrentBatches: 1,
    // Nothing leaves the buffer while it is measured.
    publishIntervalMs: 2_000_000_000,
  });
  collect();
  const before = process.memoryUsage().heapUsed;
  const slotBytes = (before - atFirst) / (2 * count);
  for (let number = 0; number < count - 1; number += 1) queue.insert("bench", recordOf(number));
  const { pending } = queue.stats();
  if (pending !== count - 1) throw new Error(`${pending} of ${count - 1} records are pending`);
  collect();
  const bytes = slotBytes + (process.memoryUsage().heapUsed - before) / pending;
  await queue.shutdown({ timeoutMs: 1 });
  return bytes;
}
