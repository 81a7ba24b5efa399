import { randomUUID } from "node:crypto";
import type { EvalTaskResult, Json } from "@scouter/contracts";
import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";

export interface SentRecord {
  readonly uid: string;
  readonly context: Json;
  readonly traceId?: string;
}

export function sentRecord(context: Json, traceId?: string): SentRecord {
  return { uid: randomUUID(), context, ...(traceId === undefined ? {} : { traceId }) };
}

export async function sendRecords(
  httpUrl: string,
  profileUid: string,
  records: readonly SentRecord[],
): Promise<void> {
  const body = {
    records: records.map(({ uid, context, traceId = null }) => ({
      AgentEval: {
        record: {
          uid,
          context,
          trace_id: traceId,
          created_at: new Date().toISOString(),
          entity_uid: profileUid,
        },
      },
    })),
  };
  const response = await guestFetch(`${httpUrl}/scouter/message`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`message answered ${response.status}`);
  await response.arrayBuffer();
}

/** The task results of a record, as soon as there are any. */
export async function resultsOf(httpUrl: string, recordUid: string): Promise<EvalTaskResult[]> {
  for (;;) {
    const response = await guestFetch(`${httpUrl}/scouter/agent/task?record_uid=${recordUid}`);
    const { tasks } = (await response.json()) as { readonly tasks: EvalTaskResult[] };
    if (tasks.length > 0) return tasks;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
