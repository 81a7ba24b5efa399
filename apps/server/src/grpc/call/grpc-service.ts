import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import {
  rpcPath,
  type MessageOf,
  type ServiceType,
  type UnaryMethodTypes,
} from "@scouter/contracts/protobuf";
import type { Caller, CallGate } from "./call-gate.ts";
import { unaryDefinition, unaryHandler, type CallParts } from "./unary-method.ts";

/** A service as the listener takes it. */
export interface GrpcService {
  /** With its package. */
  readonly name: string;
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
  /** Told when the server stops: ends streams that would hold it up. */
  stop?(): void;
}

/** One function for each method, from message to message. */
export type Handlers<Methods extends UnaryMethodTypes> = {
  readonly [Name in keyof Methods]: (
    request: MessageOf<Methods[Name]["request"]>,
    caller: Caller,
  ) => Promise<Partial<MessageOf<Methods[Name]["reply"]>>>;
};

/** A service of ours: messages are decoded after the gate let the call pass. */
export function unaryService<Methods extends UnaryMethodTypes>(
  type: ServiceType<Methods>,
  handlers: Handlers<Methods>,
  gate: CallGate,
  parts: CallParts,
): GrpcService {
  const methods = Object.entries(type.methods).map(([name, { request, reply }]) => {
    const handler = handlers[name as keyof Methods];
    if (handler === undefined) throw new TypeError(`${type.name} has no handler of ${name}`);
    const path = rpcPath(type.name, name);
    const handle = async (bytes: Buffer, caller: Caller) => {
      const answer = await handler(request.decode(bytes) as Parameters<typeof handler>[0], caller);
      return reply.encode(answer);
    };
    return { name, path, handle };
  });
  return {
    name: type.name,
    definition: Object.fromEntries(methods.map(({ name, path }) => [name, unaryDefinition(path)])),
    implementation: Object.fromEntries(
      methods.map(({ name, path, handle }) => [name, unaryHandler({ path, gate, handle }, parts)]),
    ),
  };
}
