import { status } from "@grpc/grpc-js";
import { ScouterError } from "@scouter/contracts";
import { authService, insertMessageResponse, messageService } from "@scouter/contracts/grpc";
import { rpcPath } from "@scouter/contracts/protobuf";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Principal } from "../../auth/principal.ts";
import { agentEval, registerSampleProfile as registerProfile } from "../../../test/fake/samples.ts";
import { statusOfCall } from "../../../test/fake/grpc-client.ts";
import { grpcFixture, type GrpcFixture } from "../../../test/fake/grpc-fixture.ts";

let fixture: GrpcFixture;
beforeEach(async () => {
  fixture = await grpcFixture();
});
afterEach(() => fixture.close());

describe("the server's own login", () => {
  it("admits users that may write, and no others", async () => {
    const { client } = fixture;
    client.token = undefined;
    const send = () =>
      client.call(messageService, "InsertMessage", {
        message_record: Buffer.from('{"request":{}}'),
      });
    expect((await statusOfCall(send())).code).toBe(status.UNAUTHENTICATED);
    const wrong = await statusOfCall(client.logIn("admin", "wrong"));
    expect(wrong.code).toBe(status.UNAUTHENTICATED);
    expect(wrong.details).toContain("[SERVER_CREDENTIALS_WRONG]");
    await client.logIn("guest", "guest");
    expect((await send()).status).toBe("success");
    const valid = await client.call(authService, "ValidateToken", { token: client.token ?? "" });
    expect(valid.is_authenticated).toBe(true);
  });
});

describe("with another login", () => {
  const unauthorized = new ScouterError({
    code: "FAKE_TOKEN_INVALID",
    kind: "unauthorized",
    message: "invalid token",
  });
  const writer: Principal = { username: "w", permissions: ["write:shop"], groupPermissions: [] };
  const reader: Principal = { username: "r", permissions: ["read:all"], groupPermissions: [] };
  beforeEach(async () => {
    await fixture.close();
    fixture = await grpcFixture({
      otlpAnonymous: false,
      authenticator: {
        login: async ({ username, password }, address) => {
          if (password !== "right" || address !== "127.0.0.1") throw unauthorized;
          return `token of ${username}`;
        },
        refresh: async (token) => {
          if (token !== "expired") throw unauthorized;
          return "renewed";
        },
        validate: async (token) => token === "good",
        authenticate: async ({ accessToken, address }) => {
          const principal = accessToken === "reader" ? reader : writer;
          if (address !== "127.0.0.1") throw unauthorized;
          if (accessToken === "good" || accessToken === "reader") return { principal };
          if (accessToken === "expired") return { principal, refreshedToken: "renewed" };
          throw unauthorized;
        },
      },
    });
  });
  const path = rpcPath(messageService.name, "InsertMessage");
  const { request } = messageService.methods.InsertMessage;
  const message = request.encode({ message_record: Buffer.from('{"request":{}}') });

  it("logs in, renews and validates", async () => {
    const { client } = fixture;
    expect(await client.call(authService, "Login", { username: "ann", password: "right" })).toEqual(
      { token: "token of ann", status: "success", message: "Login successful" },
    );
    expect(await client.call(authService, "RefreshToken", { access_token: "expired" })).toEqual({
      token: "renewed",
      status: "success",
      message: "Token refreshed successfully",
    });
    expect(await client.call(authService, "ValidateToken", { token: "good" })).toEqual({
      is_authenticated: true,
      status: "success",
      message: "Token is valid",
    });
    expect(await client.call(authService, "ValidateToken", { token: "bad" })).toEqual({
      is_authenticated: false,
      status: "failed",
      message: "Token is invalid",
    });
    const wrong = client.call(authService, "Login", { username: "ann", password: "wrong" });
    expect((await statusOfCall(wrong)).code).toBe(status.UNAUTHENTICATED);
  });

  it("lets a good token pass and renews an expired one on the way", async () => {
    const good = await fixture.client.callBytes(path, message, { authorization: "Bearer good" });
    expect(good.metadata.get("x-refreshed-token")).toEqual([]);
    const old = await fixture.client.callBytes(path, message, { authorization: "Bearer expired" });
    expect(old.metadata.get("x-refreshed-token")).toEqual(["renewed"]);
    expect(insertMessageResponse.decode(old.reply).status).toBe("success");
  });

  it("refuses a user who may only read", async () => {
    const metadata = { authorization: "Bearer reader" };
    const failed = await statusOfCall(fixture.client.callBytes(path, message, metadata));
    expect(failed.code).toBe(status.PERMISSION_DENIED);
  });

  it("refuses records of a space that the user may not write to, alone", async () => {
    const uid = await registerProfile(fixture.app);
    fixture.client.token = "good";
    const records = [agentEval(uid, "r1")];
    const sent = fixture.client.call(messageService, "InsertMessage", {
      message_record: Buffer.from(JSON.stringify({ records })),
    });
    const failed = await statusOfCall(sent);
    expect(failed.code).toBe(status.INVALID_ARGUMENT);
    expect(failed.details).toContain("lacks the permission 'write:support'");
  });

  it.each<[string, Record<string, string>]>([
    ["no token", { authorization: "" }],
    ["another scheme", { authorization: "Basic good" }],
    ["an empty token", { authorization: "Bearer " }],
    ["a bad token", { authorization: "Bearer forged" }],
  ])("refuses %s before it looks at the message", async (_name, metadata) => {
    for (const [client, rpc] of [
      [fixture.client, path],
      [fixture.otlp, "/opentelemetry.proto.collector.trace.v1.TraceService/Export"],
    ] as const) {
      const failed = await statusOfCall(client.callBytes(rpc, message, metadata));
      expect(failed.code).toBe(status.UNAUTHENTICATED);
    }
    expect(fixture.lake.requests).toHaveLength(0);
  });
});
