import { evalScenarios, type EvalScenario } from "@scouter/contracts";
import { z } from "zod";
import { errors } from "../../../errors.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";

const collectionId = z.string().min(1);

/** The existing Python client writes its query as a list of pairs: `0[0]=collection_id&0[1]=<id>`. */
const query = z.union([
  z.object({ collection_id: collectionId }).transform((given) => given.collection_id),
  z
    .object({ "0[0]": z.literal("collection_id"), "0[1]": collectionId })
    .transform((given) => given["0[1]"]),
]);

/** `GET /scouter/eval/scenarios`: what `EvalScenarioService/RegisterScenarios` stored. */
export function evalScenarioRoutes(app: JsonRoutes, { database }: ApiParts): void {
  app.get(
    "/scouter/eval/scenarios",
    {
      schema: {
        tags: ["offline evaluation"],
        querystring: query,
        response: { 200: evalScenarios },
      },
    },
    async (request) => {
      const scenarios = await database.evalScenarios.of(request.query);
      if (scenarios.length === 0) throw errors.SERVER_SCENARIOS_UNKNOWN({});
      return {
        scenarios: scenarios as readonly unknown[] as EvalScenario[],
        collection_id: request.query,
        // Clients do not parse a reply without them.
        dataset_results: {},
        scenario_results: [],
        metrics: null,
      };
    },
  );
}
