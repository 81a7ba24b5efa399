import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { systemClock } from "@scouter/contracts";
import { DeltaTable, decodeStatistics, openLocalObjectStore } from "@scouter/delta";

export interface TableFile {
  readonly path: string;
  /** Of its partition, such as `2026-03-01`. */
  readonly day: string | null;
  readonly size: number;
  readonly records: number;
  readonly isSorted: boolean;
  readonly minStartNano: bigint;
  readonly maxStartNano: bigint;
}

/** The files of the newest version of a local lake's spans. */
export async function tableFiles(root: string): Promise<readonly TableFile[]> {
  const folder = join(root, "trace_spans");
  const { snapshot } = await DeltaTable.open({
    store: await openLocalObjectStore(folder),
    path: "",
    clock: systemClock,
    random: Math.random,
    newId: randomUUID,
  });
  return snapshot.files().map(({ path, size, stats, tags, partitionValues }) => {
    const statistics = decodeStatistics(stats);
    const nano = (values: Readonly<Record<string, unknown>> | undefined) =>
      BigInt(values?.["start_time_unix_nano"] as bigint | number);
    return {
      path: join(folder, path),
      day: partitionValues["partition_date"] ?? null,
      size,
      records: statistics?.numRecords ?? 0,
      isSorted: tags?.["scouter.sorted"] !== undefined,
      minStartNano: nano(statistics?.minValues),
      maxStartNano: nano(statistics?.maxValues),
    };
  });
}
