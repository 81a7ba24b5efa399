import { status } from "@grpc/grpc-js";
import { authService, evalScenarioService, messageService } from "@scouter/contracts/grpc";
import { int32, messageType, text } from "@scouter/contracts/protobuf";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { statusOfCall } from "../../../test/fake/grpc-client.ts";
import { grpcFixture, type GrpcFixture } from "../../../test/fake/grpc-fixture.ts";

let fixture: GrpcFixture;
beforeEach(async () => {
  fixture = await grpcFixture();
});
afterEach(() => fixture.close());

describe("grpc.health.v1.Health", () => {
  const named = messageType("HealthCheckRequest", { service: text(1) });
  const state = messageType("HealthCheckResponse", { status: int32(1) });
  const check = async (service: string, client = fixture.client) =>
    state.decode(
      (await client.callBytes("/grpc.health.v1.Health/Check", named.encode({ service }))).reply,
    ).status;

  it("answers for the server and each service by its full name", async () => {
    for (const service of ["", messageService.name, evalScenarioService.name, authService.name]) {
      expect(await check(service)).toBe(1);
    }
    const trace = "opentelemetry.proto.collector.trace.v1.TraceService";
    expect(await check(trace, fixture.otlp)).toBe(1);
    fixture.switches.ready = false;
    expect(await check(messageService.name)).toBe(2);
    expect((await statusOfCall(check("nobody"))).code).toBe(status.NOT_FOUND);
  });

  it("ends a watch when the server stops, so that it does not hold up the stop", async () => {
    const seen: number[] = [];
    const stream = fixture.client.stream("/grpc.health.v1.Health/Watch");
    const ended = new Promise((resolve) => stream.once("end", resolve));
    const first = new Promise((resolve) => stream.once("data", resolve));
    stream.on("data", (bytes: Buffer) => seen.push(state.decode(bytes).status));
    stream.end(Buffer.from(named.encode({ service: "" })));
    await first;
    await fixture.closeListeners();
    await ended;
    expect(seen).toEqual([1, 2]);
  });

  it("says SERVICE_UNKNOWN to a watch of another service", async () => {
    const stream = fixture.client.stream("/grpc.health.v1.Health/Watch");
    const first = new Promise<Buffer>((resolve) => stream.once("data", resolve));
    stream.on("error", () => undefined);
    stream.end(Buffer.from(named.encode({ service: "nobody" })));
    expect(state.decode(await first).status).toBe(3);
    stream.cancel();
  });
});
