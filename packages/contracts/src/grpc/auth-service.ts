import { bool, text } from "../protobuf/field.ts";
import { messageType } from "../protobuf/message-type.ts";
import { serviceType } from "../protobuf/service-type.ts";

/** Clients take a login for good only when `status` is exactly this. */
export const GRPC_SUCCESS = "success";

const tokenReply = { token: text(1), status: text(2), message: text(3) };

/** Login with name and password, a new token for an expired one, and a look at a token. */
export const authService = serviceType("scouter.grpc.v1.AuthService", {
  Login: {
    request: messageType("scouter.grpc.v1.LoginRequest", { username: text(1), password: text(2) }),
    reply: messageType("scouter.grpc.v1.LoginResponse", tokenReply),
  },
  RefreshToken: {
    request: messageType("scouter.grpc.v1.RefreshTokenRequest", { access_token: text(1) }),
    reply: messageType("scouter.grpc.v1.RefreshTokenResponse", tokenReply),
  },
  ValidateToken: {
    request: messageType("scouter.grpc.v1.ValidateTokenRequest", { token: text(1) }),
    reply: messageType("scouter.grpc.v1.ValidateTokenResponse", {
      is_authenticated: bool(1),
      status: text(2),
      message: text(3),
    }),
  },
});
