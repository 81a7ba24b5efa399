import { defineErrors } from "./error/define-errors.ts";

export const errors = defineErrors({
  CONTRACTS_PROTOBUF_INVALID: {
    kind: "invalid",
    message: (p: { message: string; reason: string }) =>
      `the bytes are not a protobuf message ${p.message}: ${p.reason}`,
    remedy: "encode the request with packages/contracts/proto",
  },
});
