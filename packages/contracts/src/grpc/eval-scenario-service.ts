import { text, uint64 } from "../protobuf/field.ts";
import { messageType } from "../protobuf/message-type.ts";
import { serviceType } from "../protobuf/service-type.ts";

/** Scenarios of offline evaluations, as JSON. */
export const evalScenarioService = serviceType("scouter.grpc.v1.EvalScenarioService", {
  RegisterScenarios: {
    request: messageType("scouter.grpc.v1.RegisterScenariosRequest", {
      collection_id: text(1),
      scenarios_json: text(2),
    }),
    reply: messageType("scouter.grpc.v1.RegisterScenariosResponse", {
      status: text(1),
      collection_id: text(2),
      scenario_count: uint64(3),
    }),
  },
});
