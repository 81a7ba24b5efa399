import { status, type ServerWritableStream } from "@grpc/grpc-js";
import { int32, messageType, rpcPath, text } from "@scouter/contracts/protobuf";
import { serviceErrorOf } from "../call/call-error.ts";
import { openGate } from "../call/call-gate.ts";
import type { GrpcService } from "../call/grpc-service.ts";
import {
  observeCall,
  unaryDefinition,
  unaryHandler,
  type CallParts,
} from "../call/unary-method.ts";
import { errors } from "../../errors.ts";

const NAME = "grpc.health.v1.Health";
const healthCheckRequest = messageType("grpc.health.v1.HealthCheckRequest", { service: text(1) });
const healthCheckResponse = messageType("grpc.health.v1.HealthCheckResponse", {
  status: int32(1),
});

/** `HealthCheckResponse.ServingStatus` */
const serving = { SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } as const;

export interface HealthParts extends CallParts {
  /** Rejects while the server cannot do its work. */
  readonly checkReadiness: () => Promise<void>;
}

/**
 * The usual health protocol, for the services by their full names and for the server by the empty one. `Watch` tells
 * the state at its start and the end of serving; who wants to know whether the database answers asks `Check`.
 */
export function healthGrpcService(parts: HealthParts, services: readonly string[]): GrpcService {
  const known = new Set(["", NAME, ...services]);
  const watchers = new Set<ServerWritableStream<Buffer, Buffer>>();
  const state = () =>
    parts.checkReadiness().then(
      () => serving.SERVING,
      () => serving.NOT_SERVING,
    );
  const check = async (request: Buffer) => {
    const { service } = healthCheckRequest.decode(request);
    if (!known.has(service)) throw errors.SERVER_SERVICE_UNKNOWN({ service });
    return healthCheckResponse.encode({ status: await state() });
  };
  const watch = async (call: ServerWritableStream<Buffer, Buffer>) => {
    const { service } = healthCheckRequest.decode(call.request);
    call.write(encoded(known.has(service) ? await state() : serving.SERVICE_UNKNOWN));
    watchers.add(call);
    call.once("close", () => watchers.delete(call));
    call.once("cancelled", () => watchers.delete(call));
  };
  const [checkPath, watchPath] = [rpcPath(NAME, "Check"), rpcPath(NAME, "Watch")];
  return {
    name: NAME,
    definition: {
      Check: unaryDefinition(checkPath),
      Watch: { ...unaryDefinition(watchPath), responseStream: true },
    },
    implementation: {
      Check: unaryHandler({ path: checkPath, gate: openGate, handle: check }, parts),
      Watch: (call: ServerWritableStream<Buffer, Buffer>) => {
        const startedMs = parts.clock.monotonicMs();
        watch(call).then(
          () => observeCall(parts, watchPath, status.OK, startedMs),
          (thrown: unknown) => {
            const error = serviceErrorOf(thrown);
            observeCall(parts, watchPath, error.code, startedMs);
            call.emit("error", error);
          },
        );
      },
    },
    stop() {
      for (const call of watchers) {
        call.write(encoded(serving.NOT_SERVING));
        call.end();
      }
      watchers.clear();
    },
  };
}

function encoded(state: number): Buffer {
  return Buffer.from(healthCheckResponse.encode({ status: state }));
}
