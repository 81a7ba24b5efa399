import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import { exportRequest } from "./otlp-request.ts";
import { recordMessage } from "./agent-profile.ts";

/** Where to send; both are read at every attempt, since a restarted server may have moved. */
export interface LoadTarget {
  readonly httpUrl: string;
  readonly otlpUrl: string;
  readonly profileUid: string;
}

/** What was acknowledged so far, by id. */
export interface Acknowledged {
  readonly spanIds: Set<string>;
  readonly recordUids: Set<string>;
  /** Replies of no use, by status or error: what a client would have had to retry. */
  readonly retries: Map<string, number>;
}

/** Load in the manner of well-behaved clients: a body without a clear answer is sent again until it has one. */
export interface Load {
  readonly acknowledged: Acknowledged;
  /** Stops making new bodies; resolves when every body has its answer. */
  finish(): Promise<void>;
}

export function startLoad(target: LoadTarget, senders: { spans: number; records: number }): Load {
  const acknowledged: Acknowledged = {
    spanIds: new Set(),
    recordUids: new Set(),
    retries: new Map(),
  };
  let finishing = false;
  const sendSpans = async () => {
    while (!finishing) {
      const request = exportRequest();
      await untilAcknowledged(`${target.otlpUrl}/v1/traces`, request.body, acknowledged);
      for (const span of request.spans) acknowledged.spanIds.add(span.spanId);
    }
  };
  const sendRecords = async () => {
    while (!finishing) {
      const message = recordMessage(target.profileUid, 5);
      await untilAcknowledged(`${target.httpUrl}/scouter/message`, message.body, acknowledged);
      for (const uid of message.uids) acknowledged.recordUids.add(uid);
    }
  };
  const running = [
    ...Array.from({ length: senders.spans }, sendSpans),
    ...Array.from({ length: senders.records }, sendRecords),
  ];
  return {
    acknowledged,
    async finish() {
      finishing = true;
      await Promise.all(running);
    },
  };
}

/** Resolves when the load has so many spans and records more acknowledged than now. */
export async function acknowledgedMore(
  { acknowledged: { spanIds, recordUids } }: Load,
  more: { readonly spans: number; readonly records: number },
): Promise<void> {
  const [spans, records] = [spanIds.size + more.spans, recordUids.size + more.records];
  while (spanIds.size < spans || recordUids.size < records) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function untilAcknowledged(url: string, body: string, acknowledged: Acknowledged) {
  for (;;) {
    const answer = await guestFetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => "no reply",
    );
    if (answer === 200) return;
    if (typeof answer === "number" && answer !== 429 && answer < 500) {
      throw new Error(`${url} refused a good body with ${answer}`);
    }
    acknowledged.retries.set(String(answer), (acknowledged.retries.get(String(answer)) ?? 0) + 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
