/**
 * Starts a server with empty data and runs a program against it, which learns the addresses from the variables that the
 * Python client reads: `node main.ts <program> <argument>...`. Exits as the program does.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServerProcess } from "@scouter/testkit/server-process/server-process";

const [program = "", ...parameters] = process.argv.slice(2);
const home = await mkdtemp(join(tmpdir(), "scouter-python-"));
const entry = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const server = await startServerProcess({ entry, home });
try {
  const child = spawn(program, parameters, {
    stdio: "inherit",
    env: {
      ...process.env,
      SCOUTER_SERVER_URI: server.urls.http,
      SCOUTER_GRPC_URI: server.urls.grpc,
    },
  });
  const [code] = (await once(child, "exit")) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  await server.stop("SIGTERM");
  await rm(home, { recursive: true, force: true });
}
