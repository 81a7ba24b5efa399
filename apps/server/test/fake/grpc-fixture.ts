import { compressionAlgorithms } from "@grpc/grpc-js";
import type { Authenticator } from "../../src/auth/authenticator.ts";
import { createOtlpGrpc, createScouterGrpc } from "../../src/grpc/listeners.ts";
import { makeLogger } from "../../src/log/make-logger.ts";
import { apiFixture, type ApiFixture } from "./api-fixture.ts";
import { GrpcTestClient } from "./grpc-client.ts";

export interface GrpcFixture extends ApiFixture {
  /** Of our own services. */
  readonly client: GrpcTestClient;
  /** Of OTLP. */
  readonly otlp: GrpcTestClient;
  /** Of OTLP, compressing with gzip. */
  readonly otlpGzip: GrpcTestClient;
  readonly switches: { ready: boolean };
  /** Log lines of level error. */
  readonly faults: string[];
  until(condition: () => boolean): Promise<void>;
  /** Stops the listeners as the server does, without cutting. */
  closeListeners(): Promise<unknown>;
  cutListeners(): void;
}

export interface GrpcFixtureOptions {
  /** Instead of the real one. */
  readonly authenticator?: Authenticator;
  /** Spans without a token: true when it is left out. */
  readonly otlpAnonymous?: boolean;
}

/** Both gRPC listeners on free ports, over stand-ins; clients are logged in as an administrator. */
export async function grpcFixture(options: GrpcFixtureOptions = {}): Promise<GrpcFixture> {
  const api = await apiFixture();
  const { authenticator, profileSpaces } = api.login;
  const { otlpAnonymous = true, ...others } = options;
  const faults: string[] = [];
  const switches = { ready: true };
  const parts = {
    ...api,
    authenticator,
    profileSpaces,
    auth: { otlpAnonymous },
    maxMessageBytes: 2 ** 20,
    ...others,
    logger: makeLogger({ level: "error", json: true }, { write: (line) => void faults.push(line) }),
    newId: () => "00000000-0000-7000-8000-000000000001",
    checkReadiness: async () => {
      if (!switches.ready) throw new Error("not ready");
    },
  };
  const listeners = [createScouterGrpc(parts), createOtlpGrpc(parts)];
  const [url = "", otlpUrl = ""] = await Promise.all(
    listeners.map(async (each) => `http://127.0.0.1:${await each.listen("127.0.0.1", 0)}`),
  );
  const client = new GrpcTestClient(url);
  client.token = await authenticator.login({ username: "admin", password: "admin" }, "127.0.0.1");
  const otlp = new GrpcTestClient(otlpUrl);
  const gzip = { "grpc.default_compression_algorithm": compressionAlgorithms.gzip };
  const otlpGzip = new GrpcTestClient(otlpUrl, gzip);
  const cutListeners = () => {
    for (const listener of listeners) listener.cut();
  };
  return {
    ...api,
    client,
    otlp,
    otlpGzip,
    switches,
    faults,
    async until(condition) {
      while (!condition()) await new Promise((resolve) => setImmediate(resolve));
    },
    closeListeners: () => Promise.all(listeners.map((listener) => listener.close())),
    cutListeners,
    async close() {
      for (const each of [client, otlp, otlpGzip]) each.close();
      cutListeners();
      await api.close();
    },
  };
}
