import { isScouterError, type ScouterError } from "@scouter/contracts";
import type { FastifyError } from "fastify";
import { errors } from "../../errors.ts";

/**
 * Any error that a route or the framework threw, as one of ours. What nobody expected is our fault.
 *
 * @param contentType of the request, empty when it has none
 */
export function toScouterError(error: unknown, contentType: string): ScouterError {
  if (isScouterError(error)) return error;
  if (!(error instanceof Error)) return errors.SERVER_INTERNAL({}, { cause: error });
  const { code, statusCode, validation, validationContext } = error as Partial<FastifyError>;
  if (validation !== undefined) {
    const problems = validation.map(describeProblem).join("; ");
    return validationContext === "body"
      ? errors.SERVER_SHAPE_INVALID({ problems })
      : errors.SERVER_PARAMETER_INVALID({ problems });
  }
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    const allowed = "application/json";
    return errors.SERVER_CONTENT_TYPE_UNSUPPORTED({ given: contentType, allowed });
  }
  if (statusCode !== undefined && statusCode < 500) {
    return errors.SERVER_PARAMETER_INVALID({ problems: error.message }, { cause: error });
  }
  return errors.SERVER_INTERNAL({}, { cause: error });
}

interface Problem {
  readonly instancePath?: string;
  readonly message?: string;
}

/** `/service_info/uid` becomes `service_info.uid`. */
function describeProblem(problem: Problem): string {
  const path = (problem.instancePath ?? "").split("/").filter(Boolean).join(".");
  return `${path === "" ? "the value" : `'${path}'`}: ${problem.message ?? "not allowed"}`;
}
