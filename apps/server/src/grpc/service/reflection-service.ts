import { status, type ServerDuplexStream } from "@grpc/grpc-js";
import {
  bytes,
  int32,
  messageType,
  nested,
  repeatedBytes,
  repeatedNested,
  rpcPath,
  text,
  type MessageOf,
} from "@scouter/contracts/protobuf";
import { serviceErrorOf } from "../call/call-error.ts";
import type { GrpcService } from "../call/grpc-service.ts";
import { observeCall, unaryDefinition, type CallParts } from "../call/unary-method.ts";
import type { DescribedFile } from "./file-descriptor.ts";

/** Tools know one of the two; the messages are the same. */
const NAMES = ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"];

const request = messageType("grpc.reflection.v1.ServerReflectionRequest", {
  host: text(1),
  file_by_filename: text(3),
  file_containing_symbol: text(4),
  list_services: bytes(7),
});
const files = messageType("grpc.reflection.v1.FileDescriptorResponse", {
  file_descriptor_proto: repeatedBytes(1),
});
const service = messageType("grpc.reflection.v1.ServiceResponse", { name: text(1) });
const serviceList = messageType("grpc.reflection.v1.ListServiceResponse", {
  service: repeatedNested(1, service),
});
const errorResponse = messageType("grpc.reflection.v1.ErrorResponse", {
  error_code: int32(1),
  error_message: text(2),
});
const response = messageType("grpc.reflection.v1.ServerReflectionResponse", {
  valid_host: text(1),
  original_request: nested(2, request),
  file_descriptor_response: nested(4, files),
  list_services_response: nested(6, serviceList),
  error_response: nested(7, errorResponse),
});

/** Server reflection: tools such as grpcurl list the services and learn the messages of those that have a file. */
export function reflectionGrpcServices(
  parts: CallParts,
  serviceNames: readonly string[],
  file: DescribedFile,
): readonly GrpcService[] {
  const answer = (encoded: Buffer) => {
    const asked = request.decode(encoded);
    const reply = answerTo(asked, serviceNames, file);
    return Buffer.from(
      response.encode({ valid_host: asked.host, original_request: asked, ...reply }),
    );
  };
  return NAMES.map((name) => reflectionService(name, answer, parts));
}

function reflectionService(
  name: string,
  answer: (request: Buffer) => Buffer,
  parts: CallParts,
): GrpcService {
  const path = rpcPath(name, "ServerReflectionInfo");
  const open = new Set<ServerDuplexStream<Buffer, Buffer>>();
  const converse = (call: ServerDuplexStream<Buffer, Buffer>) => {
    const startedMs = parts.clock.monotonicMs();
    const end = (code: number) => {
      if (open.delete(call)) observeCall(parts, path, code, startedMs);
    };
    open.add(call);
    call.on("data", (message: Buffer) => {
      try {
        call.write(answer(message));
      } catch (thrown) {
        const error = serviceErrorOf(thrown);
        end(error.code);
        call.emit("error", error);
      }
    });
    call.once("end", () => {
      end(status.OK);
      call.end();
    });
    call.once("cancelled", () => end(status.CANCELLED));
  };
  return {
    name,
    definition: {
      ServerReflectionInfo: { ...unaryDefinition(path), requestStream: true, responseStream: true },
    },
    implementation: { ServerReflectionInfo: converse },
    stop() {
      for (const call of open) call.end();
    },
  };
}

function answerTo(
  asked: MessageOf<typeof request>,
  serviceNames: readonly string[],
  file: DescribedFile,
): Partial<MessageOf<typeof response>> {
  const { file_by_filename: name, file_containing_symbol: symbol } = asked;
  if (name === file.name || file.symbols.has(symbol)) {
    return { file_descriptor_response: { file_descriptor_proto: [file.bytes] } };
  }
  if (name === "" && symbol === "" && asked.list_services.length > 0) {
    return { list_services_response: { service: serviceNames.map((each) => ({ name: each })) } };
  }
  const error_message = `there is no description of '${name === "" ? symbol : name}'`;
  return { error_response: { error_code: status.NOT_FOUND, error_message } };
}
