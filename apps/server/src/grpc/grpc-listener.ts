import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { GrpcService } from "./call/grpc-service.ts";

export interface GrpcListenerOptions {
  readonly services: readonly GrpcService[];
  /** Largest message, inflated: a message that grows beyond it is dropped while it is inflated. */
  readonly maxMessageBytes: number;
}

/** A port that speaks gRPC (HTTP/2 without TLS). */
export interface GrpcListener {
  /** @returns the port @throws the error of the operating system, `EADDRINUSE` for one */
  listen(host: string, port: number): Promise<number>;
  /** Takes no new connections and calls; resolves when the calls under way are answered. */
  close(): Promise<void>;
  /** Ends what is still open. */
  cut(): void;
}

export function createGrpcListener(options: GrpcListenerOptions): GrpcListener {
  const { maxMessageBytes, services } = options;
  const server = new Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": -1,
  });
  for (const { definition, implementation } of services) {
    server.addService(definition, implementation);
  }
  // The library's own way to bind tells what went wrong only as a text, and writes it to standard error.
  const connections = server.createConnectionInjector(ServerCredentials.createInsecure());
  const acceptor = createServer({ noDelay: true }, (socket) =>
    connections.injectConnection(socket),
  );
  let closing: Promise<void> | undefined;
  return {
    async listen(host, port) {
      acceptor.listen({ host, port });
      await once(acceptor, "listening");
      return (acceptor.address() as AddressInfo).port;
    },
    close() {
      return (closing ??= new Promise((resolve) => {
        if (acceptor.listening) acceptor.close();
        for (const service of services) service.stop?.();
        server.tryShutdown(() => resolve());
      }));
    },
    cut: () => server.forceShutdown(),
  };
}
