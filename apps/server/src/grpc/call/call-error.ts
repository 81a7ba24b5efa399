import { Metadata, type ServiceError } from "@grpc/grpc-js";
import { isScouterError, type ScouterError } from "@scouter/contracts";
import { errors } from "../../errors.ts";
import {
  retryDetails,
  rpcCodeOf,
  rpcMessageOf,
  rpcStatusBytes,
  type RpcDetail,
} from "../../rpc/rpc-status.ts";

/** An error with more for programs than its code. */
export class DetailedCallError extends Error {
  readonly error: ScouterError;
  readonly details: readonly RpcDetail[];

  constructor(error: ScouterError, details: readonly RpcDetail[]) {
    super(error.message);
    this.error = error;
    this.details = details;
  }
}

/** Whatever a handler threw, as one of ours. What nobody expected is our fault. */
export function knownError(thrown: unknown): ScouterError {
  if (thrown instanceof DetailedCallError) return thrown.error;
  return isScouterError(thrown) ? thrown : errors.SERVER_INTERNAL({}, { cause: thrown });
}

/** The one place that turns an error into a gRPC status. */
export function serviceErrorOf(
  thrown: unknown,
): Pick<ServiceError, "code" | "details" | "metadata"> {
  const error = knownError(thrown);
  const own = thrown instanceof DetailedCallError ? thrown.details : [];
  const details = [...retryDetails(error), ...own];
  const metadata = new Metadata();
  metadata.set("scouter-error-code", error.code);
  if (details.length > 0) {
    metadata.set("grpc-status-details-bin", Buffer.from(rpcStatusBytes(error, details)));
  }
  return { code: rpcCodeOf(error), details: rpcMessageOf(error), metadata };
}
