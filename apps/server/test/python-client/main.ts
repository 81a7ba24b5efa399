/**
 * Starts a server with empty data and runs a program against it, which learns the addresses from the variables that the
 * Python client reads: `node main.ts [--record <file>] <program> <argument>...`. Exits as the program does.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServerProcess } from "@scouter/testkit/server-process/server-process";
import { forGolden } from "./golden-calls.ts";
import { startRecorder } from "./recorder.ts";

const given = process.argv.slice(2);
const recordTo = given[0] === "--record" ? given[1] : undefined;
const [program = "", ...parameters] = recordTo === undefined ? given : given.slice(2);
const home = await mkdtemp(join(tmpdir(), "scouter-python-"));
const entry = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const server = await startServerProcess({ entry, home });
const recordedAt = new Date().toISOString();
const recorder = await startRecorder(server.urls);
try {
  const child = spawn(program, parameters, {
    stdio: "inherit",
    env: {
      ...process.env,
      SCOUTER_SERVER_URI: recorder.httpUrl,
      SCOUTER_GRPC_URI: recorder.grpcUrl,
    },
  });
  const [code] = (await once(child, "exit")) as [number | null];
  process.exitCode = code ?? 1;
  if (recordTo !== undefined && code === 0) {
    const recording = { recordedAt, calls: forGolden(recorder.calls) };
    await writeFile(recordTo, `${JSON.stringify(recording, null, 1)}\n`);
  }
} finally {
  recorder.close();
  await server.stop("SIGTERM");
  await rm(home, { recursive: true, force: true });
}
