import { isIPv4 } from "node:net";

/** Whether an address to listen on can be reached from this machine alone. A name such as `127.example` is none. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}
