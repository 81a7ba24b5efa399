import type { FastifyInstance } from "fastify";
import type { PortSetting } from "../config/value-schema.ts";
import { errors } from "../errors.ts";
import type { GrpcListener } from "../grpc/grpc-listener.ts";
import { portOf } from "../http/frame.ts";
import type { Logger } from "../log/make-logger.ts";

/** Something that answers at a port. */
export interface Endpoint {
  /** @returns the port, which the operating system chose when 0 was given */
  open(host: string, port: number, purpose: string): Promise<number>;
  /** Takes nothing new; resolves when what is under way is answered. */
  close(): Promise<void>;
  /** Ends what is still open after that; left out where `close` alone does it. */
  cut?(): void;
}

export function httpEndpoint(app: FastifyInstance): Endpoint {
  return {
    async open(host, port, purpose) {
      await app.listen({ host, port, listenTextResolver: (address) => `${purpose} at ${address}` });
      return portOf(app) ?? port;
    },
    close: () => app.close(),
  };
}

export function grpcEndpoint(grpc: GrpcListener, logger: Logger): Endpoint {
  return {
    async open(host, port, purpose) {
      const bound = await grpc.listen(host, port);
      logger.info(`${purpose} at http://${hostText(host)}:${bound}`);
      return bound;
    },
    close: () => grpc.close(),
    cut: () => grpc.cut(),
  };
}

export interface Listener {
  readonly endpoint: Endpoint;
  readonly host: string;
  readonly port: PortSetting;
  /** What it is for, for the log. */
  readonly purpose: string;
  /** The variable that sets the port, for the remedy. */
  readonly variable: string;
}

/**
 * @returns the address to reach it at, without a trailing slash; null when it is off
 * @throws `SERVER_PORT_TAKEN`, `SERVER_LISTEN_FAILED`
 */
export async function listen(listener: Listener): Promise<string | null> {
  const { endpoint, host, port, purpose, variable } = listener;
  if (port.kind === "off") return null;
  const number = port.kind === "fixed" ? port.port : 0;
  try {
    const bound = await endpoint.open(host, number, purpose);
    return `http://${reachable(host)}:${bound}`;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "EADDRINUSE") {
      throw errors.SERVER_PORT_TAKEN({ host, port: number, variable }, { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.SERVER_LISTEN_FAILED({ host, port: number, reason }, { cause });
  }
}

/** An address that means "every interface" cannot be called; the loopback one of its kind can. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return hostText(host);
}

function hostText(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
