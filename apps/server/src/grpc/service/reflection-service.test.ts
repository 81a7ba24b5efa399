import { status } from "@grpc/grpc-js";
import { authService, evalScenarioService, messageService } from "@scouter/contracts/grpc";
import { messageType, text } from "@scouter/contracts/protobuf";
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor/index.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { grpcFixture, type GrpcFixture } from "../../../test/fake/grpc-fixture.ts";

let fixture: GrpcFixture;
beforeEach(async () => {
  fixture = await grpcFixture();
});
afterEach(() => fixture.close());

describe("server reflection", () => {
  const request = messageType("ServerReflectionRequest", {
    file_by_filename: text(3),
    file_containing_symbol: text(4),
    list_services: text(7),
  });
  const response = protobuf
    .parse(`syntax = "proto3";
    message Files { repeated bytes file_descriptor_proto = 1; }
    message Service { string name = 1; }
    message Services { repeated Service service = 1; }
    message Failure { int32 error_code = 1; string error_message = 2; }
    message Response {
      Files files = 4;
      Services services = 6;
      Failure failure = 7;
    }`)
    .root.lookupType("Response");

  async function ask(version: string, values: Parameters<typeof request.encode>[0]) {
    const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    const stream = fixture.client.stream(path);
    const ended = new Promise((resolve) => stream.once("end", resolve));
    const reply = new Promise<Buffer>((resolve) => stream.once("data", resolve));
    stream.write(Buffer.from(request.encode(values)));
    const decoded = response.toObject(response.decode(await reply));
    stream.end();
    await ended;
    return decoded as {
      files?: { fileDescriptorProto: Uint8Array[] };
      services?: { service: { name: string }[] };
      failure?: { errorCode: number };
    };
  }

  it.each(["v1", "v1alpha"])("lists the services (%s)", async (version) => {
    const { services } = await ask(version, { list_services: "*" });
    expect(services?.service.map(({ name }) => name)).toEqual([
      authService.name,
      messageService.name,
      evalScenarioService.name,
      "grpc.health.v1.Health",
    ]);
  });

  it("describes our services as another implementation understands it", async () => {
    const { files } = await ask("v1", { file_containing_symbol: messageService.name });
    const file = files?.fileDescriptorProto ?? [];
    const byName = await ask("v1", { file_by_filename: "scouter/grpc/v1/scouter.proto" });
    expect(byName.files?.fileDescriptorProto).toEqual(file);
    const { FileDescriptorProto } = descriptor as unknown as Record<string, protobuf.Type>;
    const decoded = file.map((each) => FileDescriptorProto?.decode(each));
    const { Root } = protobuf as unknown as {
      readonly Root: { fromDescriptor(set: object): protobuf.Root };
    };
    const root = Root.fromDescriptor({ file: decoded });
    root.resolveAll();
    const method = root.lookupService(messageService.name).methods["InsertMessage"];
    expect(method?.resolvedRequestType?.fields["message_record"]).toMatchObject({
      id: 1,
      type: "bytes",
    });
    expect(
      root.lookupType("scouter.grpc.v1.InsertMessageResponse").fields["rejected"],
    ).toMatchObject({ id: 4, repeated: true });
  });

  it("says what it cannot describe", async () => {
    const { failure } = await ask("v1", { file_containing_symbol: "nobody.Knows" });
    expect(failure?.errorCode).toBe(status.NOT_FOUND);
  });
});
