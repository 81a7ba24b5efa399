import type { FastifyInstance } from "fastify";
import type { PortSetting } from "../config/value-schema.ts";
import { errors } from "../errors.ts";
import { portOf } from "../http/frame.ts";

export interface Listener {
  readonly app: FastifyInstance;
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
  const { app, host, port, purpose, variable } = listener;
  if (port.kind === "off") return null;
  const number = port.kind === "fixed" ? port.port : 0;
  try {
    const listenTextResolver = (address: string) => `${purpose} at ${address}`;
    await app.listen({ host, port: number, listenTextResolver });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "EADDRINUSE") {
      throw errors.SERVER_PORT_TAKEN({ host, port: number, variable }, { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.SERVER_LISTEN_FAILED({ host, port: number, reason }, { cause });
  }
  return `http://${reachable(host)}:${portOf(app)}`;
}

/** An address that means "every interface" cannot be called; the loopback one of its kind can. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
