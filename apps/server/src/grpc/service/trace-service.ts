import { rpcPath } from "@scouter/contracts/protobuf";
import type { Ingest } from "../../ingest/ingest.ts";
import { exportOutcome, exportReplyProtobuf } from "../../otlp/export-reply.ts";
import type { CallGate } from "../call/call-gate.ts";
import type { GrpcService } from "../call/grpc-service.ts";
import { unaryDefinition, unaryHandler, type CallParts } from "../call/unary-method.ts";

const NAME = "opentelemetry.proto.collector.trace.v1.TraceService";

/** OTLP: the bytes go to the lake's worker as they came. */
export function traceGrpcService(
  parts: CallParts & { readonly ingest: Ingest },
  gate: CallGate,
): GrpcService {
  const path = rpcPath(NAME, "Export");
  const handle = async (body: Buffer) => {
    const request = { body, format: "otlp-protobuf", contentEncoding: "identity" } as const;
    return exportReplyProtobuf(exportOutcome(await parts.ingest.spans(request)));
  };
  return {
    name: NAME,
    definition: { Export: unaryDefinition(path) },
    implementation: { Export: unaryHandler({ path, gate, handle }, parts) },
  };
}
