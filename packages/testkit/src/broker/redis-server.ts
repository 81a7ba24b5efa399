import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../port/free-port.ts";
import { BrokerRun, type BrokerProcess } from "./broker-process.ts";
import { findRedis } from "./find-brokers.ts";
import type { BrokerKind } from "./on-broker.ts";

export const redis: BrokerKind = {
  name: "Redis",
  find: findRedis,
  start: startRedis,
  installation: "install it (apt-get install redis-server)",
};

/** A Redis that writes every command to its file before it answers, so that a kill loses nothing. */
async function startRedis(program: string): Promise<BrokerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "scouter-redis-"));
  const port = await freePort();
  const parameters = [
    ["--port", String(port)],
    ["--bind", "127.0.0.1"],
    ["--dir", folder],
    ["--save", ""],
    ["--appendonly", "yes"],
    ["--appendfsync", "always"],
  ].flat();
  const run = new BrokerRun({ program, parameters, workingFolder: folder, port });
  await run.start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill: () => run.kill(),
    start: () => run.start(),
    async stop() {
      await run.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
