import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Connection } from "rabbitmq-client";
import { freePort } from "../port/free-port.ts";
import { BrokerRun, type BrokerProcess } from "./broker-process.ts";
import { findRabbitmq } from "./find-brokers.ts";
import type { BrokerKind } from "./on-broker.ts";

const READY_TIMEOUT_MS = 1_000;

export const rabbitmq: BrokerKind = {
  name: "RabbitMQ",
  find: findRabbitmq,
  start: startRabbitmq,
  installation: "install it (apt-get install rabbitmq-server)",
};

/** A RabbitMQ node with folders, ports and a name service of its own; user and password are `guest`. */
async function startRabbitmq(program: string): Promise<BrokerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "scouter-rabbitmq-"));
  const [port, distributionPort, epmdPort] = [await freePort(), await freePort(), await freePort()];
  writeFileSync(join(folder, "enabled_plugins"), "[].\n");
  writeFileSync(join(folder, "rabbitmq.conf"), "loopback_users.guest = true\n");
  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  const run = new BrokerRun({
    program,
    parameters: [],
    env: {
      RABBITMQ_NODENAME: `scouter${port}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(distributionPort),
      ERL_EPMD_PORT: String(epmdPort),
      ERL_EPMD_ADDRESS: "127.0.0.1",
      RABBITMQ_MNESIA_BASE: join(folder, "data"),
      RABBITMQ_LOG_BASE: join(folder, "log"),
      RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "enabled_plugins"),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "+S 2:2 +sbwt none",
    },
    workingFolder: folder,
    port,
    isReady: () => takesConnections(url),
  });
  await run.start();
  return {
    port,
    url,
    kill: () => run.kill(),
    start: () => run.start(),
    async stop() {
      await run.kill();
      // Erlang's name service is a daemon of its own.
      spawnSync("epmd", ["-port", String(epmdPort), "-kill"]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The port listens before users can log in. */
async function takesConnections(url: string): Promise<boolean> {
  const connection = new Connection({ url, connectionTimeout: READY_TIMEOUT_MS });
  connection.on("error", () => {});
  try {
    await connection.onConnect(READY_TIMEOUT_MS, true);
    await connection.close();
    return true;
  } catch {
    connection.unsafeDestroy();
    return false;
  }
}
