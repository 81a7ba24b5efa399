import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { older, profile, useFakeApi } from "../../test/fake-api.ts";

const api = useFakeApi();
const { run } = api;

describe("profile register", () => {
  const folder = mkdtempSync(join(tmpdir(), "scouter-register-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const config = { space: "shop", name: "speed", version: "1.0.0", drift_type: "custom" };
  const custom = { config, metrics: { mae: 2 }, scouter_version: "0.1.0" };
  const registered = { ...config, uid: "u9", status: "success", active: false, next_run: null };
  const file = (content: unknown) => {
    const path = join(folder, "profile.json");
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };
  beforeEach(() => {
    api.replies = {
      "GET /scouter/v2/profiles": { items: [], next_cursor: null },
      "POST /scouter/profile": registered,
    };
  });

  it.each([
    ["plain", custom],
    [
      "tagged with its kind",
      { Custom: { ...custom, config: { ...config, drift_type: undefined } } },
    ],
    ["with a byte order mark", `\uFEFF${JSON.stringify(custom)}`],
  ])("takes a profile %s", async (_, content) => {
    const { code, out, err } = await run("profile", "register", file(content));
    expect(code, err).toBe(0);
    expect(out.split("\n").slice(0, 2)).toEqual([
      "registered custom profile shop/speed/1.0.0",
      "uid u9",
    ]);
    expect(out).toContain("'scouter profile activate u9' begins it");
    expect(api.received.get("POST /scouter/profile")).toMatchObject({
      space: "shop",
      drift_type: "Custom",
      version_request: { version: "1.0.0" },
      active: false,
    });
  });

  it("says which tasks mean something else here", async () => {
    const tasks = [
      { id: "same", context_path: "a", operator: "Equals", expected_value: 1 },
      { id: "list", context_path: "a", operator: "Equals", expected_value: [1] },
    ];
    const agent = {
      config: { ...config, drift_type: "Agent" },
      tasks: { assertion: tasks, judge: [], trace: [], agent: [] },
    };
    const { code, out } = await run("profile", "register", file(agent));
    expect(code).toBe(0);
    expect(out).toContain("tasks that mean something else here");
    expect(out.match(/^- .*$/gm)).toEqual([expect.stringMatching(/list.*compared as a whole/)]);
    const plain = await run("profile", "register", file(custom));
    expect(plain.out).not.toContain("mean something else");
  });

  it("says which members of tasks nothing looks at", async () => {
    const task = { id: "a", operator: "Equals", expected_value: 1, depnds_on: ["b"] };
    const agent = {
      config: { ...config, drift_type: "Agent" },
      tasks: { assertion: [task], judge: [], trace: [], agent: [] },
    };
    const { code, out } = await run("profile", "register", file(agent));
    expect(code).toBe(0);
    expect(out).toContain("task 'a' has 'depnds_on': did you mean 'depends_on'?");
  });

  it("activates, and prints one document", async () => {
    const nextRun = "2026-01-02T00:00:00.000Z";
    api.replies = {
      ...api.replies,
      "POST /scouter/profile": { ...registered, active: true, next_run: nextRun },
    };
    const words = ["--activate", "--deactivate-others", "--space", "lab", "--json"];
    const { out } = await run("profile", "register", file(custom), ...words);
    expect(JSON.parse(out)).toEqual({
      uid: "u9",
      space: "lab",
      name: "speed",
      version: "1.0.0",
      drift_type: "Custom",
      active: true,
      next_run: nextRun,
      next_runs: [],
      changed_tasks: [],
      unknown_members: [],
    });
    expect(api.received.get("POST /scouter/profile")).toMatchObject({
      space: "lab",
      active: true,
      deactivate_others: true,
    });
  });

  it.each<[string, unknown, string]>([
    ["no JSON", '{"config": ', "profile.json': it is not JSON: "],
    ["NaN", '{"config": {}, "metrics": {"mae": NaN}}', "it is not JSON: "],
    ["no object", [1], "it holds no JSON object"],
    ["no config", { metrics: {} }, "it has no object 'config'"],
    ["an unknown kind", { config: { ...config, drift_type: "Llm" } }, 'has "Llm" as'],
    ["no kind", { config: { space: "shop" }, features: {} }, "has nothing as 'config.drift_type'"],
    [
      "no space",
      { ...custom, config: { ...config, space: "__missing__" } },
      "has no 'config.space'",
    ],
  ])("refuses a file with %s", async (_, content, message) => {
    const { code, out, err } = await run("profile", "register", file(content));
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(message);
    expect(api.received.size).toBe(0);
  });

  it("names the file that is missing", async () => {
    const { code, err } = await run("profile", "register", "nothing.json");
    expect(code).toBe(2);
    expect(err).toContain("cannot read a profile from '/nowhere/nothing.json': ENOENT");
  });

  it("refuses a version that exists, unless the next one will do", async () => {
    const taken = { ...profile, ...config, drift_type: "Custom" };
    api.replies = {
      "GET /scouter/v2/profiles": { items: [taken], next_cursor: null },
      "POST /scouter/profile": { ...registered, version: "1.1.0" },
    };
    const refused = await run("profile", "register", file(custom));
    expect(refused.code).toBe(2);
    expect(refused.err).toContain(
      "version shop/speed/1.0.0 of this Custom profile is registered already, with uid u1",
    );
    expect(refused.err).toContain("--next-version");
    const next = await run("profile", "register", file(custom), "--next-version");
    expect(next.out).toContain("registered custom profile shop/speed/1.1.0");
  });
});

describe("profile activate", () => {
  beforeEach(() => {
    api.replies = {
      "GET /scouter/v2/profiles": { items: [profile, older], next_cursor: null },
      "PUT /scouter/profile/status": { status: "success", message: "" },
    };
  });

  it.each([
    [["shop/answers"], true, false, "shop/answers/1.0.0 is watched\n"],
    [["u1", "--deactivate"], false, false, "shop/answers/1.0.0 is not watched any more\n"],
    [["u1", "--deactivate-others"], true, true, "shop/answers/1.0.0 is watched\n"],
  ])("%s", async (words, active, deactivate_others, text) => {
    expect((await run("profile", "activate", ...words)).out).toBe(text);
    const { space, name, version, drift_type } = profile;
    const expected = { space, name, version, drift_type, active, deactivate_others };
    expect(api.received.get("PUT /scouter/profile/status")).toEqual(expected);
  });

  it.each([
    ["shop/other", "no profile 'shop/other' is registered"],
    ["shop/answers/1.0.0", "names 2 profiles: Agent u1, Psi u2"],
  ])("refuses %s, and changes nothing", async (given, message) => {
    const twin = { ...profile, uid: "u2", drift_type: "Psi" };
    const items = [profile, twin];
    api.replies = { ...api.replies, "GET /scouter/v2/profiles": { items, next_cursor: null } };
    const { code, err } = await run("profile", "activate", given);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(api.received.has("PUT /scouter/profile/status")).toBe(false);
  });
});
