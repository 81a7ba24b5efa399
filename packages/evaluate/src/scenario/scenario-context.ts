import type { JsonObject } from "@scouter/contracts";
import type { CollectedRepeat } from "./collected-repeat.ts";

/**
 * What a scenario's tasks look at: `query`, `response` (the last answer), `turns` (all exchanges as `user` and `agent`), and
 * the scenario's own `expected_outcome`, `ground_truth` and `metadata`, null where it has none.
 */
export function scenarioContext({ scenario, end, exchanges }: CollectedRepeat): JsonObject {
  return {
    query: scenario.initial_query,
    response: end.kind === "answered" ? end.response : null,
    turns: exchanges.map(({ user, agent }) => ({ user, agent })),
    expected_outcome: scenario.expected_outcome ?? null,
    ground_truth: scenario.ground_truth ?? null,
    metadata: scenario.metadata ?? null,
  };
}
