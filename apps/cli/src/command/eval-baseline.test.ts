import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useFakeApi } from "../../test/fake-api.ts";

const api = useFakeApi();

let folder = "";
const file = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "scouter-baseline-"));
  for (const [name, repeats] of [
    ["one", 1],
    ["two", 2],
    ["three", 3],
  ] as const) {
    writeFileSync(file(`${name}.json`), JSON.stringify(runOf(name, repeats)));
  }
  writeFileSync(file("other.json"), JSON.stringify({ some: "thing" }));
});
afterAll(() => rmSync(folder, { recursive: true }));

function runOf(run_id: string, repeats: number) {
  return {
    format: "scouter-run",
    version: 1,
    run_id,
    created_at: `2026-03-0${String(repeats)}T10:00:00Z`,
    suite: { name: "support" },
    scenarios: [
      { id: "s1", repeats: Array.from({ length: repeats }, () => ({ outcome: "passed" })) },
    ],
  };
}

const item = (id: number, run_id: string) => ({
  id,
  space: "team",
  suite: "support",
  run_id,
  created_at: "2026-03-01T10:00:00Z",
  received_at: "2026-03-01T10:00:00Z",
  suite_definition: null,
  versions: {},
  scenarios: 1,
  repeats: 3,
  pass_rate: 1,
  lower: 0.2,
  upper: 1,
  flaky: 0,
  cost_usd: null,
  baselines: ["main"],
});
const named = {
  space: "team",
  name: "main",
  promoted_at: "2026-03-02T00:00:00Z",
  promoted_by: "mira",
  run: item(7, "three"),
};

describe("eval baseline save", () => {
  it("writes a file of three repeats or more", async () => {
    const out = file("kept/main.json");
    const { code, err } = await api.run(
      "eval",
      "baseline",
      "save",
      file("three.json"),
      "--out",
      out,
    );
    expect([code, err]).toEqual([0, ""]);
    expect(JSON.parse(readFileSync(out, "utf8"))).toMatchObject({ run_id: "three" });
  });

  it("refuses fewer, unless it is told to, and puts runs together", async () => {
    const out = file("kept/two.json");
    const words = (...more: readonly string[]) => [
      "eval",
      "baseline",
      "save",
      ...more,
      "--out",
      out,
    ];
    const refused = await api.run(...words(file("two.json")));
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("a baseline needs 3")]);
    expect((await api.run(...words(file("two.json"), "--few-repeats"))).code).toBe(0);
    expect((await api.run(...words(file("two.json"), file("one.json")))).code).toBe(0);
    expect(JSON.parse(readFileSync(out, "utf8"))).toMatchObject({
      pooled_from: [{ run_id: "two" }, { run_id: "one" }],
      scenarios: [{ repeats: [{}, {}, {}] }],
    });
  });

  it("stores the run on the server and moves the name, with earlier runs when asked", async () => {
    api.replies = {
      "POST /scouter/v2/eval/runs": { id: 9, outcome: "stored" },
      "PUT /scouter/v2/eval/baselines": named,
      "GET /scouter/v2/eval/runs": { items: [item(5, "one"), item(7, "three")], next_cursor: null },
      "GET /scouter/v2/eval/runs/7": { ...item(7, "three"), run: runOf("three", 3) },
    };
    const words = ["eval", "baseline", "save", file("one.json"), "--space", "team", "--last", "1"];
    const { code, out, err } = await api.run(...words);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("baseline 'main' of space 'team' is run 7");
    expect(api.received.get("POST /scouter/v2/eval/runs")).toMatchObject({
      space: "team",
      run: { pooled_from: [{ run_id: "three" }, { run_id: "one" }] },
    });
    expect(api.received.get("PUT /scouter/v2/eval/baselines")).toEqual({
      space: "team",
      name: "main",
      run: 9,
    });
  });

  it.each([
    ["no space", ["save", "three"], "name it with --space"],
    ["a file that is no run", ["save", "other"], "is no saved run"],
    ["no number", ["promote", "x"], "a whole number from 1"],
  ])("refuses %s", async (_, [verb = "", given = ""], message) => {
    const subject = verb === "save" ? file(`${given}.json`) : given;
    const { code, err } = await api.run("eval", "baseline", verb, subject);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe("eval baseline list, promote", () => {
  it("lists those of the server page after page, and those of a folder", async () => {
    api.replies = {
      "GET /scouter/v2/eval/baselines?space=team": { items: [named], next_cursor: "c" },
      "GET /scouter/v2/eval/baselines?space=team&cursor=c": {
        items: [{ ...named, name: "nightly" }],
        next_cursor: null,
      },
    };
    const server = await api.run("eval", "baseline", "list", "--space", "team");
    expect(server.out).toMatch(/main.*\n.*nightly/);
    const files = await api.run("eval", "baseline", "list", "--folder", folder, "--json");
    expect(JSON.parse(files.out)).toMatchObject({
      items: [{ file: "one.json", repeats: 1 }, { file: "three.json" }, { file: "two.json" }],
    });
  });

  it("promotes", async () => {
    api.replies = { "PUT /scouter/v2/eval/baselines": named };
    const { out } = await api.run("eval", "baseline", "promote", "7", "--space", "team");
    expect(out).toContain("is run 7 now");
  });
});

describe("<name>@server", () => {
  it("is a run to compare with", async () => {
    api.replies = {
      "GET /scouter/v2/eval/baselines": { items: [named], next_cursor: null },
      "GET /scouter/v2/eval/runs/7": { ...item(7, "three"), run: runOf("three", 3) },
    };
    const words = (name: string) => [
      "eval",
      "compare",
      `${name}@server`,
      file("one.json"),
      "--space",
      "team",
    ];
    const known = await api.run(...words("main"));
    expect([known.code, known.err]).toEqual([0, ""]);
    const unknown = await api.run(...words("none"));
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining("no baseline 'none'")]);
  });
});
