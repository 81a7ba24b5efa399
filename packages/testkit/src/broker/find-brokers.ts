import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { findProgram } from "./find-program.ts";

/** The program itself: Debian's wrapper of the same name would change user and folders. */
const RABBITMQ_OF_DEBIAN = "/usr/lib/rabbitmq/bin/rabbitmq-server";

/** Where the check puts the jars of a Kafka; outside the repository, to be kept between checkouts. */
export function kafkaFolder(): string {
  return process.env["SCOUTER_KAFKA_FOLDER"] ?? join(homedir(), ".cache", "scouter", "kafka");
}

/** Paths of the programs that start a broker; undefined where it is not installed. */
export function findRedis(): string | undefined {
  return findProgram("redis-server");
}

export function findRabbitmq(): string | undefined {
  return findProgram("rabbitmq-server", [RABBITMQ_OF_DEBIAN]);
}

/** Java, when the jars are there too. */
export function findKafka(): string | undefined {
  return hasJars(kafkaFolder()) ? findProgram("java") : undefined;
}

function hasJars(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith("kafka_"));
}
