import { readFileSync } from "node:fs";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Kafka, SASLOptions } from "kafkajs";
import type { KafkaConfig } from "../config/config.ts";

/** @param onWarning what the client has to say, from warnings on */
export async function kafkaClient(
  config: KafkaConfig,
  onWarning: (message: string) => void,
): Promise<Kafka> {
  const { default: kafkajs } = await import("kafkajs");
  const { Kafka, logLevel, CompressionCodecs, CompressionTypes } = kafkajs;
  // gzip is built in; snappy and lz4 would need packages of their own.
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: async ({ buffer }: { readonly buffer: Buffer }) => zstdCompressSync(buffer),
    decompress: async (buffer: Buffer) => zstdDecompressSync(buffer),
  });
  const { sasl, tls } = config;
  return new Kafka({
    brokers: [...config.brokers],
    clientId: "scouter-server",
    ...(sasl === undefined ? {} : { sasl: sasl as SASLOptions }),
    ...(tls === undefined ? {} : { ssl: tlsOf(tls) }),
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ log }) =>
        onWarning(
          typeof log["error"] === "string" ? `${log.message}: ${log["error"]}` : log.message,
        ),
  });
}

function tlsOf({ certificateFile }: NonNullable<KafkaConfig["tls"]>) {
  return certificateFile === undefined ? true : { ca: [readFileSync(certificateFile, "utf8")] };
}
