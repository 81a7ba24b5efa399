import { Metadata, Server, ServerCredentials, status, type ServiceError } from "@grpc/grpc-js";
import {
  anyUrl,
  insertMessageResponse,
  messageService,
  retryInfo,
  rpcStatus,
} from "@scouter/contracts/grpc";
import type { OutgoingBatch } from "@scouter/sdk";
import { tcpGate } from "../broker/tcp-gate.ts";
import { FarEndScript, type FarEndStep } from "./far-end.ts";

/** A gRPC server that answers `InsertMessage` as its script says. */
export interface GrpcMessageServer {
  /** `127.0.0.1:<port>` */
  readonly target: string;
  readonly script: FarEndScript;
  close(): Promise<void>;
}

type Answer = (error: Partial<ServiceError> | null, reply?: Buffer) => void;

const same = (bytes: Buffer) => bytes;

export async function grpcMessageServer(): Promise<GrpcMessageServer> {
  const script = new FarEndScript();
  const server = new Server();
  server.addService(
    {
      InsertMessage: {
        path: `/${messageService.name}/InsertMessage`,
        requestStream: false,
        responseStream: false,
        requestSerialize: same,
        requestDeserialize: same,
        responseSerialize: same,
        responseDeserialize: same,
      },
    },
    {
      InsertMessage: (call: { request: Buffer; metadata: Metadata }, answer: Answer) => {
        const message = messageOf(call.request, call.metadata);
        void reply(script.next(message), message.itemCount, answer, cut);
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const gate = await tcpGate({ port });
  const cut = () => {
    gate.shut();
    gate.open();
  };
  return {
    target: `127.0.0.1:${gate.port}`,
    script,
    async close() {
      server.forceShutdown();
      await gate.close();
    },
  };
}

function messageOf(request: Buffer, metadata: Metadata): OutgoingBatch {
  const { message_record: body } = messageService.methods.InsertMessage.request.decode(request);
  const text = Buffer.from(body).toString();
  const { records } = JSON.parse(text) as { readonly records: readonly unknown[] };
  const header = (name: string) => String(metadata.get(name)[0]);
  return {
    body,
    itemCount: records.length,
    producer: header("x-scouter-producer"),
    sequence: Number(header("x-scouter-sequence")),
  };
}

async function reply(
  step: FarEndStep,
  itemCount: number,
  answer: Answer,
  cut: () => void,
): Promise<void> {
  switch (step.kind) {
    case "store":
      return answer(null, stored(itemCount));
    case "wait":
      await step.until;
      return answer(null, stored(itemCount));
    case "reject-items":
      return rejectItems(step, itemCount, answer);
    case "busy": {
      const seconds = Math.floor(step.retryAfterMs / 1000);
      const retry_delay = { seconds, nanos: (step.retryAfterMs % 1000) * 1_000_000 };
      const value = retryInfo.encode({ retry_delay });
      return answer(failure(status.RESOURCE_EXHAUSTED, "BUSY", retryInfo.name, value));
    }
    case "unavailable":
      return answer(failure(status.UNAVAILABLE, "AWAY"));
    case "refuse":
      return answer(failure(status.PERMISSION_DENIED, step.code));
    case "lose-reply":
      return cut();
    case "garble-reply":
      return answer(null, Buffer.from("<html>"));
  }
}

function rejectItems(
  step: Extract<FarEndStep, { kind: "reject-items" }>,
  itemCount: number,
  answer: Answer,
): void {
  const rejected = step.items.map((item) => ({ ...item, uid: "", remedy: "" }));
  const accepted = itemCount - rejected.length;
  const reply = insertMessageResponse.encode({ status: "partial_success", accepted, rejected });
  if (accepted > 0) return answer(null, Buffer.from(reply));
  answer(failure(status.INVALID_ARGUMENT, "ALL_REFUSED", insertMessageResponse.name, reply));
}

function stored(accepted: number): Buffer {
  return Buffer.from(insertMessageResponse.encode({ status: "success", accepted }));
}

function failure(
  code: status,
  ownCode: string,
  detailName?: string,
  detail?: Uint8Array,
): Partial<ServiceError> {
  const metadata = new Metadata();
  metadata.set("scouter-error-code", ownCode);
  if (detailName !== undefined && detail !== undefined) {
    const details = [{ type_url: anyUrl(detailName), value: detail }];
    metadata.set("grpc-status-details-bin", Buffer.from(rpcStatus.encode({ code, details })));
  }
  return { code, details: ownCode, metadata };
}
