import type { Fields, MessageType } from "./message-shape.ts";

/** One rpc that takes one message and gives one. */
export interface UnaryMethodType<Request extends Fields, Reply extends Fields> {
  readonly request: MessageType<Request>;
  readonly reply: MessageType<Reply>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- each method has message types of its own
export type UnaryMethodTypes = Readonly<Record<string, UnaryMethodType<any, any>>>;

/** A gRPC service as data: servers, clients and descriptors are made from it. */
export interface ServiceType<Methods extends UnaryMethodTypes> {
  /** With its package, e.g. `scouter.grpc.v1.MessageService`. */
  readonly name: string;
  readonly methods: Methods;
}

export function serviceType<const Methods extends UnaryMethodTypes>(
  name: string,
  methods: Methods,
): ServiceType<Methods> {
  return { name, methods };
}

/** The path that HTTP/2 carries: `/<service>/<method>`. */
export function rpcPath(serviceName: string, methodName: string): string {
  return `/${serviceName}/${methodName}`;
}
