import {
  answeringTransportContract,
  transportContract,
  type MakeTransportSubject,
} from "@scouter/testkit/contract/transport";
import { grpcMessageServer } from "@scouter/testkit/contract/grpc-message-server";
import { expect, test } from "vitest";
import { grpcTransport } from "./grpc-transport.ts";

for (const gzip of [false, true]) {
  const makeSubject: MakeTransportSubject = async () => {
    const server = await grpcMessageServer();
    const transport = await grpcTransport({ target: server.target, gzip });
    return {
      transport,
      farEnd: server.script,
      async dispose() {
        await server.close();
        await transport.close();
      },
    };
  };
  transportContract(`grpc, gzip ${gzip}`, makeSubject);
  answeringTransportContract(`grpc, gzip ${gzip}`, makeSubject);
}

test("a server that is not there is a retry", async () => {
  const transport = await grpcTransport({ target: "127.0.0.1:1", timeoutMs: 20_000 });
  const batch = { body: Buffer.from("{}"), itemCount: 1, producer: "p", sequence: 1 };
  expect(await transport.send(batch)).toMatchObject({ outcome: "retry" });
  await transport.close();
});

test.for([{ timeoutMs: 0 }, { username: "ünicode" }])("refuses %o", async (options) => {
  await expect(grpcTransport(options)).rejects.toMatchObject({ kind: "invalid" });
});
