import { evalScenarioService } from "@scouter/contracts/grpc";
import type { Database } from "@scouter/database";
import { errors } from "../../errors.ts";
import { readScenarios } from "../../scenario/read-scenarios.ts";
import type { CallGate } from "../call/call-gate.ts";
import { unaryService, type GrpcService } from "../call/grpc-service.ts";
import type { CallParts } from "../call/unary-method.ts";

export interface EvalScenarioParts extends CallParts {
  readonly database: Pick<Database, "evalScenarios">;
  /** Ids of scenarios that were sent without one. */
  readonly newId: () => string;
}

/** `EvalScenarioService/RegisterScenarios`; read back with `GET /scouter/eval/scenarios`. */
export function evalScenarioGrpcService(parts: EvalScenarioParts, gate: CallGate): GrpcService {
  return unaryService(
    evalScenarioService,
    {
      RegisterScenarios: async ({ collection_id, scenarios_json }) => {
        if (collection_id === "") {
          throw errors.SERVER_SCENARIOS_INVALID({ problems: "'collection_id' is empty" });
        }
        const scenarios = readScenarios(Buffer.from(scenarios_json), parts.newId);
        await parts.database.evalScenarios.register(collection_id, scenarios);
        return { status: "created", collection_id, scenario_count: scenarios.length };
      },
    },
    gate,
    parts,
  );
}
