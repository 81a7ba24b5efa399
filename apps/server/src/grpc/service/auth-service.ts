import { authService, GRPC_SUCCESS } from "@scouter/contracts/grpc";
import type { Authenticator } from "../../auth/authenticator.ts";
import { openGate } from "../call/call-gate.ts";
import { unaryService, type GrpcService } from "../call/grpc-service.ts";
import type { CallParts } from "../call/unary-method.ts";

/** Login and tokens over gRPC. */
export function authGrpcService(authenticator: Authenticator, parts: CallParts): GrpcService {
  return unaryService(
    authService,
    {
      Login: async ({ username, password }, { address }) => ({
        token: await authenticator.login({ username, password }, address),
        status: GRPC_SUCCESS,
        message: "Login successful",
      }),
      RefreshToken: async ({ access_token }) => ({
        token: await authenticator.refresh(access_token),
        status: GRPC_SUCCESS,
        message: "Token refreshed successfully",
      }),
      ValidateToken: async ({ token }) => validity(await authenticator.validate(token)),
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
