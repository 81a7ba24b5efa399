import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import { DuckDBInstance } from "@duckdb/node-api";
import { systemClock } from "@scouter/contracts";
import { DeltaTable, openLocalObjectStore } from "@scouter/delta";
import { join } from "node:path";

/**
 * How often each span id stands in the committed Parquet files, counted straight from the files: the API hides
 * repeats, so it could not show one. The server must be stopped (its last flush done).
 */
export async function storedSpanCounts(home: string): Promise<ReadonlyMap<string, number>> {
  const folder = join(home, "lake", "trace_spans");
  const table = await DeltaTable.open({
    store: await openLocalObjectStore(folder),
    path: "",
    clock: systemClock,
    random: Math.random,
    newId: () => crypto.randomUUID(),
  });
  const files = table.snapshot.files().map((file) => `'${join(folder, file.path)}'`);
  const counts = new Map<string, number>();
  if (files.length === 0) return counts;
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `SELECT span_id, count(*)::INTEGER FROM read_parquet([${files.join(", ")}]) GROUP BY span_id`,
  );
  for (const [spanId, count] of reader.getRows()) counts.set(spanId as string, count as number);
  connection.closeSync();
  instance.closeSync();
  return counts;
}

/** How often each eval record uid is listed by the API, over all pages. */
export async function listedRecordCounts(
  httpUrl: string,
  profileUid: string,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let cursor: { created_at: string; id: number } | null = null;
  do {
    const response = await guestFetch(`${httpUrl}/scouter/agent/page/record`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        service_info: { space: "support", uid: profileUid },
        limit: 1000,
        ...(cursor === null ? {} : { cursor_created_at: cursor.created_at, cursor_id: cursor.id }),
      }),
    });
    if (!response.ok) throw new Error(`listing answered ${response.status}`);
    const page = (await response.json()) as {
      items: { uid: string }[];
      next_cursor: { created_at: string; id: number } | null;
    };
    for (const { uid } of page.items) counts.set(uid, (counts.get(uid) ?? 0) + 1);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return counts;
}

/** Ids that are missing, and ids (offered or not) that are there more than once. */
export function faults(acknowledged: ReadonlySet<string>, found: ReadonlyMap<string, number>) {
  return {
    lost: [...acknowledged].filter((id) => !found.has(id)),
    doubled: [...found].filter(([, count]) => count > 1).map(([id]) => id),
  };
}
