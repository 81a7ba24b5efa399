import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isDebianKin } from "./debian.mjs";

const jarsOf = fileURLToPath(new URL("kafka-jars.xml", import.meta.url));

/**
 * The brokers that the tests would find, by the same search, so that the summary never promises another one.
 *
 * @param {string} root
 * @param {string} node path of a Node that runs TypeScript
 * @returns {Readonly<Record<"redis" | "rabbitmq" | "kafka", boolean>> & { kafkaFolder: string }}
 */
export function findBrokers(root, node) {
  const search = join(root, "packages", "testkit", "src", "broker", "find-brokers.ts");
  const code = `import { findKafka, findRabbitmq, findRedis, kafkaFolder }
      from ${JSON.stringify(pathToFileURL(search).href)};
    console.log(JSON.stringify({
      redis: findRedis() !== undefined, rabbitmq: findRabbitmq() !== undefined,
      kafka: findKafka() !== undefined, kafkaFolder: kafkaFolder() }));`;
  const { status, stdout, stderr } = spawnSync(node, ["--input-type=module", "-e", code], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`cannot look for brokers: ${stderr}`);
  return JSON.parse(stdout);
}

/**
 * The commands that bring the missing brokers here, each alone: only as root on Debian and its kin, where that is one
 * safe step; the jars of Kafka where Java and Maven are installed.
 *
 * @param {ReturnType<typeof findBrokers>} found
 */
export function brokerInstallations(found) {
  const packages = [
    ...(found.redis ? [] : ["redis-server"]),
    ...(found.rabbitmq ? [] : ["rabbitmq-server"]),
  ];
  const commands = [];
  if (packages.length > 0 && process.getuid?.() === 0 && isDebianKin()) {
    commands.push({ program: "apt-get", parameters: ["update", "-q"] });
    const install = ["install", "-y", "-q", "--no-install-recommends", ...packages];
    // A service that the package would start is not ours to run.
    commands.push({ program: "env", parameters: ["RUNLEVEL=1", "apt-get", ...install] });
  }
  if (!found.kafka && runs("java", "-version") && runs("mvn", "-version")) {
    const copy = ["dependency:copy-dependencies", "-DincludeScope=runtime"];
    // All of them or none: a folder that was cut short would look like a Kafka.
    const part = `${found.kafkaFolder}.part`;
    const parameters = ["-q", "-B", "-f", jarsOf, ...copy, `-DoutputDirectory=${part}`];
    commands.push({ program: "mvn", parameters });
    commands.push({ program: "mv", parameters: [part, found.kafkaFolder] });
  }
  return commands;
}

function runs(program, parameter) {
  return spawnSync(program, [parameter], { stdio: "ignore" }).status === 0;
}
