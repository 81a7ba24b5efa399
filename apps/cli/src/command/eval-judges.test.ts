import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { profile, useFakeApi } from "../../test/fake-api.ts";

const api = useFakeApi();
const { run } = api;
const agent = { ...profile, drift_type: "Agent" };
const folder = mkdtempSync(join(tmpdir(), "scouter-estimate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const body = {
  config: { space: "s", name: "n", version: "1.0.0", drift_type: "Agent", sample_ratio: 0.1 },
  tasks: {
    assertion: [
      {
        id: "asked",
        context_path: "ask",
        operator: "Equals",
        expected_value: true,
        condition: true,
      },
    ],
    judge: [
      {
        id: "quality",
        prompt: { model: "gpt-4o-mini", provider: "openai", messages: "Rate ${answer}" },
        operator: "IsNotEmpty",
        expected_value: true,
        depends_on: ["asked"],
      },
    ],
    trace: [],
    agent: [],
  },
  scouter_version: "0.1.0",
  task_ids: ["asked", "quality"],
};
const file = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const range = { start: "2026-01-01T00:00:00Z", end: "2026-01-02T00:00:00Z" };
const cost = {
  task_id: "quality",
  provider: "openai",
  model: "gpt-4o-mini",
  judged: 10,
  skipped: 30,
  calls: 10,
  cached_calls: 0,
  saved_calls: 30,
  input_tokens: 1_000,
  output_tokens: 200,
  cost_usd: 0.00027,
  unpriced_calls: 0,
  saved_usd: 0.00081,
};
const report = {
  ...range,
  profile: agent,
  items: [cost],
  total: { ...cost, cost_usd: 0.00027, saved_usd: 0.00081 },
};

describe("eval estimate", () => {
  it("prices a file, with gates and samples", async () => {
    const samples = file("samples.jsonl", `${JSON.stringify({ answer: "x".repeat(395) })}\n`);
    const words = ["--records", "100000", "--pass", "asked=0.25", "--samples", samples, "--json"];
    const { code, out, err } = await run(
      "eval",
      "estimate",
      file("p.json", JSON.stringify(body)),
      ...words,
    );
    expect(code, err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      evaluatedPerDay: 10_000,
      callsPerDay: 2_500,
      savedCallsPerDay: 7_500,
      usdPerDay: expect.closeTo((2_500 * (100 * 0.15 + 120 * 0.6)) / 1e6, 9) as number,
      judges: [{ gates: ["asked"], tokens: { basis: "sampled" } }],
    });
  });

  it("says it in words", async () => {
    const { out } = await run(
      "eval",
      "estimate",
      file("p.json", JSON.stringify(body)),
      "--sample-ratio",
      "1",
    );
    expect(out).toContain("10,000 records evaluated a day");
    expect(out).toMatch(/USD a day, .* USD in 30 days; gates save/);
  });

  it("takes from the server what was measured there", async () => {
    const node = {
      task_id: "asked",
      kind: "Assertion",
      gate: true,
      stage: 0,
      depends_on: [],
      description: null,
      operator: "Equals",
      counts: { passed: 1, failed: 3, errored: 0, skipped: 0 },
      pass_rate: 0.25,
      lower: 0.1,
      upper: 0.5,
    };
    api.replies = {
      "GET /scouter/v2/profiles": { items: [agent], next_cursor: null },
      "GET /scouter/profile": { Agent: body },
      "GET /scouter/v2/evaluations/judges": report,
      "GET /scouter/v2/evaluations/graph": { nodes: [node] },
    };
    const { code, out, err } = await run("eval", "estimate", "--profile", agent.uid, "--json");
    expect(code, err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      callsPerDay: 250,
      judges: [{ reachedShare: 0.25, tokens: { input: 100, output: 20, basis: "measured" } }],
    });
  });

  it.each([
    ["a gate without a share", ["--pass", "asked"], "a gate and a share"],
    ["a share above 1", ["--pass", "asked=2"], "a number from 0 to 1"],
    ["samples that are no JSON", ["--samples", "p.txt"], "one JSON value a line"],
  ])("refuses %s", async (_, words, message) => {
    file("p.txt", "{");
    const profileFile = file("p.json", JSON.stringify(body));
    const { code, err } = await run("eval", "estimate", profileFile, ...words);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe("eval costs and again", () => {
  it("shows what judges used and what gates saved", async () => {
    api.replies = {
      "GET /scouter/v2/profiles": { items: [agent], next_cursor: null },
      "GET /scouter/v2/evaluations/judges": report,
    };
    const { out } = await run("eval", "costs", "--profile", agent.uid);
    expect(out).toContain("10 calls, 0.0003 USD; gates saved 30 calls, 0.0008 USD");
  });

  it("makes records due again", async () => {
    api.replies = {
      "GET /scouter/v2/profiles": { items: [agent], next_cursor: null },
      "POST /scouter/v2/evaluations/again": { records: 3 },
    };
    const { code, out } = await run("eval", "again", agent.uid);
    expect([code, out.trim()]).toEqual([0, "3 records are due again"]);
    expect(api.received.get("POST /scouter/v2/evaluations/again")).toEqual({
      profile_uid: agent.uid,
      record_uid: null,
    });
  });

  it("discards records", async () => {
    api.replies = {
      "GET /scouter/v2/profiles": { items: [agent], next_cursor: null },
      "POST /scouter/v2/evaluations/discard": { records: 1 },
    };
    const { code, out } = await run("eval", "discard", agent.uid, "--record", "r-1");
    expect([code, out.trim()]).toEqual([0, "1 record is discarded"]);
    expect(api.received.get("POST /scouter/v2/evaluations/discard")).toEqual({
      profile_uid: agent.uid,
      record_uid: "r-1",
    });
  });
});
