import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { customProfile, dataProfile, psiProfile, spcProfile } from "@scouter/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testTerminal } from "../../test/test-terminal.ts";
import { main } from "../main.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "scouter-table-"));
  const rows = (shift: number, last: string) =>
    Array.from(
      { length: 400 },
      (_, i) => `${(i * 37) % 101},${(i % 50) + shift},${i % 3 ? "a" : last}`,
    );
  const save = (name: string, lines: readonly string[]) =>
    writeFileSync(join(folder, name), ["same,moved,word", ...lines].join("\n"));
  save("train.csv", rows(0, "b"));
  save("same.csv", rows(0, "b"));
  save("later.csv", rows(20, "b"));
  save("broken.csv", ["1,2"]);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...words: readonly string[]) {
  const terminal = testTerminal({ workingFolder: folder });
  const code = await main(words, terminal);
  return { code, out: terminal.stdout(), err: terminal.stderr() };
}
const fileAt = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), "utf8"));

describe("drift profile", () => {
  it("shows what the columns of a file hold", async () => {
    const { code, out, err } = await run("drift", "profile", "train.csv");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^NUMBERS +ROWS +MISSING +DIFFERENT/);
    expect(out).toMatch(/\nmoved +400 +0 +50 +24\.5/);
    expect(out).toMatch(/\nword +400 +0 +2 +1 +a 66\.5 %, b 33\.5 %/);
  });

  it("prints the whole profile as one document", async () => {
    const { code, out } = await run(
      "drift",
      "profile",
      "train.csv",
      "--json",
      "--bins",
      "5",
      "--correlations",
      "--text",
      "moved",
    );
    expect(code).toBe(0);
    const { features } = dataProfile.parse(JSON.parse(out));
    expect(Object.keys(features)).toEqual(["moved", "same", "word"]);
    expect(features["moved"]?.string_stats?.distinct.count).toBe(50);
    expect(features["same"]?.numeric_stats?.histogram.bins).toHaveLength(5);
    expect(features["same"]?.correlations).toHaveProperty("word");
  });
});

describe("profile create, then drift check", () => {
  it("finds the feature that moved, with exit code 1", async () => {
    const created = await run("profile", "create", "train.csv", "--space", "s", "--name", "n");
    expect([created.code, created.err]).toEqual([0, ""]);
    expect(created.out).toContain("psi profile of 3 features: moved, same, word");
    const profile = psiProfile.parse(fileAt("psi_drift_profile.json"));
    expect(profile.config).toMatchObject({ space: "s", name: "n", categorical_features: ["word"] });
    const words = ["--profile", "psi_drift_profile.json"];
    const same = await run("drift", "check", "same.csv", ...words);
    expect([same.code, same.err]).toEqual([0, ""]);
    const later = await run("drift", "check", "later.csv", ...words);
    expect(later.code).toBe(1);
    expect(later.out).toMatch(/\nmoved +drifted +400/);
    expect(later.out).toMatch(/\nsame +ok +400/);
    const { out } = await run("drift", "check", "later.csv", ...words, "--json");
    expect(JSON.parse(out)).toMatchObject({
      kind: "psi",
      features: [{ feature: "moved", status: "alert" }, {}, {}],
    });
  });

  it("makes control charts, with the file's name and the columns asked for", async () => {
    const words = [
      "--kind",
      "spc",
      "--sample-size",
      "10",
      "--without",
      "word",
      "--output",
      "deep/chart.json",
    ];
    const { code, out } = await run("profile", "create", "train.csv", ...words, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ kind: "spc", features: ["moved", "same"], notes: [] });
    const profile = spcProfile.parse(fileAt("deep/chart.json"));
    expect(profile.config.sample_size).toBe(10);
    const check = ["--profile", "deep/chart.json", "--without", "word"];
    expect((await run("drift", "check", "later.csv", ...check)).code).toBe(1);
  });

  it("makes profiles of metrics", async () => {
    const words = ["--metric", "mae:1.2:Above:0.3", "acc:0.9:below", "--schedule", "0 0 * * * *"];
    expect((await run("profile", "create", "--kind", "custom", ...words)).code).toBe(0);
    const profile = customProfile.parse(fileAt("custom_drift_profile.json"));
    expect(profile.metrics).toEqual({ mae: 1.2, acc: 0.9 });
    expect(profile.config.alert_config).toMatchObject({
      schedule: "0 0 * * * *",
      alert_conditions: { mae: { delta: 0.3 }, acc: { alert_threshold: "Below", delta: null } },
    });
  });
});

it.each([
  ["no file", ["profile", "create"], "expected a file of training data"],
  ["a file that is missing", ["drift", "profile", "none.csv"], "cannot read"],
  ["a broken file", ["drift", "profile", "broken.csv"], "line 2: 2 fields, expected 3"],
  ["an unknown column", ["drift", "profile", "train.csv", "--columns", "x"], "no column 'x'"],
  [
    "a metric that is none",
    ["profile", "create", "--kind", "custom", "--metric", "mae:x:Above"],
    "option --metric is 'mae:x:Above'",
  ],
  ["no metric", ["profile", "create", "--kind", "custom"], "has no metric"],
  [
    "a schedule that is none",
    ["profile", "create", "train.csv", "--schedule", "often"],
    "schedule 'often'",
  ],
  [
    "a profile that is none",
    ["drift", "check", "train.csv", "--profile", "train.csv"],
    "cannot read a profile",
  ],
  [
    "a place that cannot be written",
    ["profile", "create", "train.csv", "--output", "train.csv/x"],
    "cannot write",
  ],
])("refuses %s with exit code 2", async (_, words, message) => {
  const { code, out, err } = await run(...words);
  expect(err).toContain(message);
  expect([code, out]).toEqual([2, ""]);
});
