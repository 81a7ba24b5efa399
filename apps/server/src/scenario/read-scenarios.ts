import { evalScenario, type JsonObject } from "@scouter/contracts";
import { makeStorable, type EvalScenarioToStore } from "@scouter/database";
import { z } from "zod";
import { errors } from "../errors.ts";
import { parseJson } from "../json/parse-json.ts";

const MAX_PROBLEMS = 5;

/**
 * The scenarios of a suite, defaults filled in.
 *
 * @param json the suite in UTF-8; of its fields only `scenarios` is read
 * @param newId for scenarios without an id
 * @throws `SERVER_JSON_SYNTAX`, `SERVER_SCENARIOS_INVALID`
 */
export function readScenarios(
  json: Uint8Array,
  newId: () => string,
): readonly EvalScenarioToStore[] {
  const withId = z.preprocess((given) => withIdOf(given, newId), evalScenario);
  const suite = z.object({ scenarios: z.array(withId) });
  const result = suite.safeParse(makeStorable(parseJson(json)).value);
  if (!result.success) {
    throw errors.SERVER_SCENARIOS_INVALID({ problems: describe(result.error) });
  }
  const { scenarios } = result.data;
  const ids = new Set<string>();
  const repeated = scenarios.find(({ id }) => ids.size === ids.add(id).size);
  if (repeated !== undefined) {
    throw errors.SERVER_SCENARIOS_INVALID({
      problems: `two scenarios have the id '${repeated.id}'`,
    });
  }
  return scenarios.map((scenario) => ({
    id: scenario.id,
    scenario: scenario as unknown as JsonObject,
  }));
}

function withIdOf(given: unknown, newId: () => string): unknown {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return given;
  const { id } = given as { readonly id?: unknown };
  return id === undefined || id === null ? { ...given, id: newId() } : given;
}

function describe(error: z.ZodError): string {
  const named = error.issues
    .slice(0, MAX_PROBLEMS)
    .map(({ path, message }) => `'${path.join(".")}': ${message}`);
  const more = error.issues.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}
