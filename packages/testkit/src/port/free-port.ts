import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Ports for servers that must know them before they start, or keep them over a restart. They lie below those that
 * operating systems hand out for "any port" and for outgoing connections (from 32768 on Linux, from 49152 elsewhere):
 * among those, a connection of any process may take the port while its server is down.
 */
const FIRST_PORT = 20_000;
const END_PORT = 32_000;
const ATTEMPTS = 50;

/** A port of 127.0.0.1 on which nobody listened a moment ago. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(FIRST_PORT, END_PORT);
    if (await isFree(port)) return port;
  }
  throw new Error(`found no free port from ${FIRST_PORT} to ${END_PORT - 1}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
