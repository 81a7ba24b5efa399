import { describe, expect, it } from "vitest";
import { readConfig } from "./read-config.ts";

const brokersOf = (env: Readonly<Record<string, string>>) => readConfig(env, "/").config.brokers;

describe("brokers in the configuration", () => {
  it("have the reference's defaults as soon as they have an address", () => {
    const env = {
      KAFKA_BROKERS: "k1:9092, k2:9092",
      RABBITMQ_ADDR: "amqp://guest:guest@127.0.0.1:5672/%2f",
      REDIS_ADDR: "redis://127.0.0.1:6379",
    };
    expect(brokersOf(env)).toEqual({
      kafka: {
        brokers: ["k1:9092", "k2:9092"],
        consumers: 3,
        topics: ["scouter_monitoring"],
        group: "scouter",
        offsetReset: "earliest",
        sasl: undefined,
        tls: undefined,
      },
      rabbitmq: {
        url: env.RABBITMQ_ADDR,
        consumers: 3,
        prefetch: 10,
        queue: "scouter_monitoring",
        consumerTag: "scouter",
      },
      redis: {
        url: env.REDIS_ADDR,
        consumers: 3,
        channel: "scouter_monitoring",
        stream: "scouter_monitoring",
        group: "scouter",
        claimMs: 30_000,
      },
    });
  });

  const login = { KAFKA_BROKERS: "k:1", KAFKA_USERNAME: "u", KAFKA_PASSWORD: "p" };
  it.each<[string, Readonly<Record<string, string>>, object]>([
    [
      "a login",
      login,
      {
        sasl: { mechanism: "plain", username: "u", password: "p" },
        tls: { certificateFile: undefined },
      },
    ],
    [
      "a login without TLS",
      {
        ...login,
        KAFKA_SECURITY_PROTOCOL: "SASL_PLAINTEXT",
        KAFKA_SASL_MECHANISM: "SCRAM-SHA-512",
      },
      { sasl: { mechanism: "scram-sha-512" }, tls: undefined },
    ],
    [
      "TLS alone",
      { KAFKA_BROKERS: "k:1", KAFKA_SECURITY_PROTOCOL: "SSL", KAFKA_CERT_LOCATION: "/ca.pem" },
      { sasl: undefined, tls: { certificateFile: "/ca.pem" } },
    ],
  ])("speak to Kafka with %s", (_name, env, expected) => {
    expect(brokersOf(env).kafka).toMatchObject(expected);
  });

  it("have a stream named like the channel, or by itself", () => {
    const REDIS_ADDR = "redis://r";
    expect(brokersOf({ REDIS_ADDR, REDIS_CHANNEL: "c" }).redis).toMatchObject({ stream: "c" });
    expect(
      brokersOf({ REDIS_ADDR, REDIS_CHANNEL: "c", SCOUTER_REDIS_STREAM: "s" }).redis,
    ).toMatchObject({ channel: "c", stream: "s" });
  });

  it.each<[Readonly<Record<string, string>>, string]>([
    [{ KAFKA_BROKERS: "k" }, "KAFKA_BROKERS is 'k': expected a list of host:port"],
    [{ KAFKA_TOPIC: "a b" }, "KAFKA_TOPIC is 'a b'"],
    [{ KAFKA_USERNAME: "u" }, "KAFKA_USERNAME and KAFKA_PASSWORD: expected both or neither"],
    [{ RABBITMQ_ADDR: "http://u:secret@r" }, "RABBITMQ_ADDR is (hidden): expected a URL"],
    [{ REDIS_ADDR: "r:6379" }, "REDIS_ADDR is (hidden): expected a URL"],
  ])("refuse %o", (env, problem) => {
    expect(() => brokersOf(env)).toThrow(problem);
  });
});
