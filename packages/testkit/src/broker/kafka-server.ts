import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import kafkajs from "kafkajs";
import { freePort } from "../port/free-port.ts";
import { BrokerRun, type BrokerProcess } from "./broker-process.ts";
import { findKafka, kafkaFolder } from "./find-brokers.ts";
import type { BrokerKind } from "./on-broker.ts";

const READY_TIMEOUT_MS = 3_000;
/** Any 16 bytes, in base64 for URLs. */
const CLUSTER_ID = "c2NvdXRlci10ZXN0cy0xMQ";

export const kafka: BrokerKind = {
  name: "Kafka",
  find: findKafka,
  start: startKafka,
  installation: "install Java and Maven; npm run check then lets Maven bring its jars",
};

/** One Apache Kafka in KRaft mode: broker and controller in one process. Topics get three partitions. */
async function startKafka(java: string): Promise<BrokerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "scouter-kafka-"));
  const [port, controllerPort] = [await freePort(), await freePort()];
  const door = { gatePort: await freePort(), behindPort: await freePort() };
  const address = `127.0.0.1:${port}`;
  const properties = join(folder, "server.properties");
  writeFileSync(properties, settingsOf({ port, controllerPort, door, data: join(folder, "data") }));
  const classPath = ["-cp", join(kafkaFolder(), "*")];
  const format = ["format", "-t", CLUSTER_ID, "-c", properties];
  execFileSync(java, [...classPath, "kafka.tools.StorageTool", ...format], { stdio: "pipe" });
  const run = new BrokerRun({
    program: java,
    parameters: ["-Xmx320m", "-XX:TieredStopAtLevel=1", ...classPath, "kafka.Kafka", properties],
    workingFolder: folder,
    port,
    isReady: () => leads(address),
  });
  await run.start();
  return {
    port,
    url: address,
    door,
    kill: () => run.kill(),
    start: () => run.start(),
    async stop() {
      await run.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Places {
  readonly port: number;
  readonly controllerPort: number;
  readonly door: NonNullable<BrokerProcess["door"]>;
  readonly data: string;
}

function settingsOf({ port, controllerPort, door, data }: Places): string {
  return Object.entries({
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},GATED://127.0.0.1:${door.behindPort},CONTROLLER://127.0.0.1:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${port},GATED://127.0.0.1:${door.gatePort}`,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,GATED:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    "log.dirs": data,
    "num.partitions": 3,
    "offsets.topic.num.partitions": 1,
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "group.initial.rebalance.delay.ms": 0,
    "log.flush.interval.messages": 1,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/** The port listens before the broker is registered with its controller. */
async function leads(address: string): Promise<boolean> {
  const { Kafka, logLevel } = kafkajs;
  const admin = new Kafka({
    brokers: [address],
    connectionTimeout: READY_TIMEOUT_MS,
    requestTimeout: READY_TIMEOUT_MS,
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length > 0;
  } catch {
    return false;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
