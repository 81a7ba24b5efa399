import { status } from "@grpc/grpc-js";
import { messageService } from "@scouter/contracts/grpc";
import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import { typicalExport } from "@scouter/testkit/otlp/typical-export";
import type { Acknowledged, Load } from "./acknowledged-load.ts";
import { recordMessage } from "./agent-profile.ts";
import { GrpcTestClient, statusOfCall } from "./fake/grpc-client.ts";

export const EXPORT_PATH = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/** A protobuf export of one trace of ten spans, and the ids of the spans. */
export function protobufExport(trace: number) {
  const request = typicalExport({ spanCount: 10, firstTrace: trace });
  const spans = request.resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap((scope) => scope.spans),
  );
  const spanIds = spans.map(({ spanId }) => Buffer.from(spanId ?? []).toString("hex"));
  const traceId = Buffer.from(spans[0]?.traceId ?? []).toString("hex");
  return { body: exportRequestProtobuf(request), spanIds, traceId };
}

export interface GrpcLoadTarget {
  readonly grpcUrl: string;
  readonly otlpGrpcUrl: string;
  readonly profileUid: string;
}

/** Load over gRPC in the manner of well-behaved clients: what has no clear answer is sent again until it has one. */
export function startGrpcLoad(
  target: GrpcLoadTarget,
  senders: { readonly spans: number; readonly records: number },
): Load {
  const acknowledged: Acknowledged = {
    spanIds: new Set(),
    recordUids: new Set(),
    retries: new Map(),
  };
  const client = new GrpcTestClient(target.grpcUrl);
  // Tokens outlive a restart: their keys are kept in the database.
  const loggedIn = client.logIn("guest", "guest");
  const otlp = new GrpcTestClient(target.otlpGrpcUrl);
  let finishing = false;
  let trace = 0;
  const sendSpans = async () => {
    while (!finishing) {
      const { body, spanIds } = protobufExport((trace += 1));
      await untilAnswered(() => otlp.callBytes(EXPORT_PATH, body), acknowledged);
      for (const spanId of spanIds) acknowledged.spanIds.add(spanId);
    }
  };
  const sendRecords = async () => {
    await loggedIn;
    while (!finishing) {
      const { body, uids } = recordMessage(target.profileUid, 5);
      const request = { message_record: Buffer.from(body) };
      await untilAnswered(
        () => client.call(messageService, "InsertMessage", request),
        acknowledged,
      );
      for (const uid of uids) acknowledged.recordUids.add(uid);
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
      client.close();
      otlp.close();
    },
  };
}

const REFUSED: ReadonlySet<number> = new Set([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.UNAUTHENTICATED,
  status.UNIMPLEMENTED,
]);

async function untilAnswered(send: () => Promise<unknown>, acknowledged: Acknowledged) {
  for (;;) {
    let answered = false;
    const call = send().then((reply) => {
      answered = true;
      return reply;
    });
    const { code, details } = await statusOfCall(call);
    if (answered) return;
    if (REFUSED.has(code)) throw new Error(`a good message was refused: ${details}`);
    const name = status[code] ?? String(code);
    acknowledged.retries.set(name, (acknowledged.retries.get(name) ?? 0) + 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
