import type { Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { isJsonArray } from "../json/json-type.ts";
import { printPath, type Path } from "../path/path.ts";
import { resolvePath } from "../path/resolve-path.ts";
import { checkItems, checkValue, expectationFor } from "./check-value.ts";
import type { Checked, CompiledTask, PreparedExpectation } from "./compiled-task.ts";
import { errored, type Conclusion } from "./conclusion.ts";

/** Runs an assertion on its context. */
export function runAssertion(task: CompiledTask, context: Json): Conclusion {
  return checkAt(task, task.path, expectationFor(task.expectation, context), context);
}

/**
 * Compares what a path names. When the root is an array and the path begins with a field, the path is taken in every
 * element and all must pass; otherwise the value at the path is compared.
 */
export function checkAt(
  checked: Checked,
  path: Path | undefined,
  expectation: PreparedExpectation,
  root: Json,
): Conclusion {
  if (path === undefined) return checkValue(checked, expectation, root);
  if (isJsonArray(root) && path[0]?.kind === "field") {
    return checkItems(checked, expectation, root, path);
  }
  const resolution = resolvePath(path, root);
  if (resolution.found) return checkValue(checked, expectation, resolution.value);
  const { reason, at } = resolution;
  const error = errors.EVALUATE_PATH_NOT_FOUND({ path: printPath(path), reason, at });
  return errored(error, { expected: expectation.value });
}
