import { authService, GRPC_SUCCESS } from "@scouter/contracts/grpc";
import type { Authenticator } from "../../auth/authenticator.ts";
import { errors } from "../../errors.ts";
import { openGate } from "../call/call-gate.ts";
import { unaryService, type GrpcService } from "../call/grpc-service.ts";
import type { CallParts } from "../call/unary-method.ts";

/** Login and tokens over gRPC; every rpc answers UNIMPLEMENTED while the server has no login. */
export function authGrpcService(
  authenticator: Authenticator | undefined,
  parts: CallParts,
): GrpcService {
  const present = () => {
    if (authenticator === undefined) throw errors.SERVER_LOGIN_ABSENT({});
    return authenticator;
  };
  return unaryService(
    authService,
    {
      Login: async ({ username, password }, address) => ({
        token: await present().login({ username, password }, address),
        status: GRPC_SUCCESS,
        message: "Login successful",
      }),
      RefreshToken: async ({ access_token }) => ({
        token: await present().refresh(access_token),
        status: GRPC_SUCCESS,
        message: "Token refreshed successfully",
      }),
      ValidateToken: async ({ token }) => validity(await present().validate(token)),
    },
    openGate,
    parts,
  );
}

function validity(valid: boolean) {
  return valid
    ? { is_authenticated: true, status: GRPC_SUCCESS, message: "Token is valid" }
    : { is_authenticated: false, status: "failed", message: "Token is invalid" };
}
