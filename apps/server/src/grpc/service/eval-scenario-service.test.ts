import { status } from "@grpc/grpc-js";
import { evalScenarioService } from "@scouter/contracts/grpc";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { statusOfCall } from "../../../test/fake/grpc-client.ts";
import { grpcFixture, type GrpcFixture } from "../../../test/fake/grpc-fixture.ts";

let fixture: GrpcFixture;
beforeEach(async () => {
  fixture = await grpcFixture();
});
afterEach(() => fixture.close());

describe("EvalScenarioService/RegisterScenarios", () => {
  const register = (collection_id: string, scenarios: unknown) =>
    fixture.client.call(evalScenarioService, "RegisterScenarios", {
      collection_id,
      scenarios_json: typeof scenarios === "string" ? scenarios : JSON.stringify(scenarios),
    });
  const get = (query: string) =>
    fixture.app.inject({ method: "GET", url: `/scouter/eval/scenarios?${query}` });

  it("stores scenarios that HTTP gives back, by both spellings of the query", async () => {
    const scenario = { id: "s1", initial_query: "hello", metadata: { tier: "gold" }, extra: true };
    const suite = { scenarios: [scenario, { initial_query: "no id", max_turns: 3 }] };
    expect(await register("c1", suite)).toEqual({
      status: "created",
      collection_id: "c1",
      scenario_count: 2,
    });
    const tasks = { assertion: [], judge: [], trace: [], agent: [] };
    const expected = {
      collection_id: "c1",
      scenarios: [
        { ...scenario, predefined_turns: [], max_turns: 10, tasks },
        {
          id: "00000000-0000-7000-8000-000000000001",
          initial_query: "no id",
          predefined_turns: [],
          max_turns: 3,
          tasks,
        },
      ],
      dataset_results: {},
      scenario_results: [],
      metrics: null,
    };
    for (const query of [
      "collection_id=c1",
      "0[0]=collection_id&0[1]=c1",
      "0%5B0%5D=collection_id&0%5B1%5D=c1",
    ]) {
      const reply = await get(query);
      expect(reply.statusCode).toBe(200);
      expect(reply.json()).toEqual(expected);
    }
  });

  it("answers 404 for a collection that nobody registered, 400 without one", async () => {
    const unknown = await get("collection_id=nobody");
    expect(unknown.statusCode).toBe(404);
    expect(unknown.json()).toMatchObject({
      error: "no scenarios found for the given collection_id",
      reason: "SERVER_SCENARIOS_UNKNOWN",
    });
    expect((await get("")).statusCode).toBe(400);
    expect((await get("0[0]=other&0[1]=c1")).statusCode).toBe(400);
  });

  it.each<[string, string, unknown, string]>([
    ["no collection", "", { scenarios: [] }, "'collection_id' is empty"],
    ["cut JSON", "c", "{", "the body is not JSON"],
    ["no scenarios", "c", {}, "'scenarios': "],
    [
      "a scenario without a query",
      "c",
      { scenarios: [{ id: "a" }] },
      "'scenarios.0.initial_query': ",
    ],
    ["a scenario that is none", "c", { scenarios: [7] }, "'scenarios.0': "],
    [
      "an id twice",
      "c",
      { scenarios: [1, 2].map(() => ({ id: "a", initial_query: "q" })) },
      "two scenarios have the id 'a'",
    ],
    [
      "many problems",
      "c",
      { scenarios: Array.from({ length: 9 }, () => ({ id: "a" })) },
      "and 4 more",
    ],
  ])("refuses %s", async (_name, collection, scenarios, problem) => {
    const failed = await statusOfCall(register(collection, scenarios));
    expect(failed.code).toBe(status.INVALID_ARGUMENT);
    expect(failed.details).toContain(problem);
  });
});
