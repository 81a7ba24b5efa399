import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PsiProfile } from "@scouter/contracts";
import { createDataProfile, createPsiProfile, createSpcProfile } from "@scouter/drift";
import { Float64, Table, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DataProfiler } from "./data-profiler.ts";
import { Drifter } from "./drifter.ts";
import { openTable, type TableInput } from "./source/open-table.ts";
import type { TableNote } from "./table-runner.ts";

const clock = { now: () => Date.UTC(2026, 0, 1) };
const timestamp = "2026-01-01T00:00:00.000Z";
const uid = "0194f0c3-7c5e-7000-8000-000000000000";
const OWNER = { uid, timestamp, scouterVersion: "0.1.0" } as const;

const ROWS = 1030;
const columns = {
  delay: Array.from({ length: ROWS }, (_, i) => Math.round(1e4 * Math.sin(i)) / 1e3),
  count: Array.from({ length: ROWS }, (_, i) => (i * i) % 7),
  carrier: Array.from({ length: ROWS }, (_, i) => ["AA", "UA", "ÖZ"][i % 3] as string),
};
const names = ["delay", "count", "carrier"] as const;

let folder: string;
let inputs: Record<string, TableInput>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scouter-drifter-"));
  const rows = columns.delay.map((_, i) =>
    Object.fromEntries(names.map((name) => [name, columns[name][i]])),
  );
  const csv = join(folder, "t.csv");
  const lines = columns.delay.map((_, i) => names.map((name) => columns[name][i]).join(","));
  await writeFile(csv, `${names.join(",")}\n${lines.join("\n")}\n`);
  const columnData = names.map((name) => ({
    name,
    data: columns[name] as unknown[],
    type: name === "carrier" ? ("STRING" as const) : ("DOUBLE" as const),
  }));
  const parquet = join(folder, "t.parquet");
  await writeFile(parquet, new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 400 })));
  const arrow = new Table({
    delay: vectorFromArray(columns.delay, new Float64()),
    count: vectorFromArray(columns.count, new Float64()),
    carrier: vectorFromArray(columns.carrier, new Utf8()),
  });
  const feather = join(folder, "t.feather");
  await writeFile(feather, tableToIPC(arrow, "file"));
  inputs = {
    columns,
    "typed columns": { ...columns, delay: Float64Array.from(columns.delay) },
    rows,
    arrow,
    // Opened here, they are read here: a thread for each call would be most of what is waited for.
    csv: await openTable({ file: csv }),
    parquet: await openTable({ file: parquet }),
    "arrow file": await openTable({ file: feather }),
    "csv in a thread": { file: csv },
    "parquet in a thread": { file: parquet },
  };
});
afterAll(() => rm(folder, { recursive: true }));

/** Row groups are added up in another order: the last digits differ. */
const rounded = (profile: object): unknown =>
  JSON.parse(
    JSON.stringify(profile, (_, value: unknown) =>
      typeof value === "number" ? Number(value.toPrecision(10)) : value,
    ),
  );

const INPUTS = ["columns", "typed columns", "rows", "arrow", "csv", "parquet", "arrow file"];
const drifter = new Drifter({ clock, newUid: () => uid });

describe.each(INPUTS)("a table as %s", (kind) => {
  it("has the profiles and the drift that the pure functions compute", async () => {
    const input = inputs[kind] as TableInput;
    const profile = await new DataProfiler({ clock }).createDataProfile(input, {
      computeCorrelations: true,
      binSize: 7,
    });
    const expected = createDataProfile({
      table: columns,
      timestamp,
      correlations: true,
      binSize: 7,
    });
    expect(rounded(profile)).toEqual(rounded(expected));
    const psi = await drifter.createDriftProfile(input, {
      kind: "psi",
      space: "flights",
      categoricalFeatures: ["count"],
    });
    expect(psi).toEqual(
      createPsiProfile({
        ...OWNER,
        table: columns,
        space: "flights",
        categoricalFeatures: ["count"],
      }).profile,
    );
    const spc = await drifter.createDriftProfile(input);
    expect(spc).toEqual(createSpcProfile({ ...OWNER, table: columns }));
    expect((await drifter.computeDrift(input, psi)).features).toEqual({
      carrier: 0,
      count: 0,
      delay: 0,
    });
    const chart = await drifter.computeDrift(input, spc);
    expect(chart.features["delay"]?.samples).toHaveLength(Math.ceil(ROWS / 25));
    const check = await drifter.checkDrift(input, psi);
    expect(check.features.map(({ status }) => status)).toEqual(["ok", "ok", "ok"]);
  });
});

it.each(["csv in a thread", "parquet in a thread"])(
  "a table as %s gives the same",
  async (kind) => {
    const input = inputs[kind] as TableInput;
    const psi = await drifter.createDriftProfile(input, { kind: "psi" });
    expect(psi).toEqual(createPsiProfile({ ...OWNER, table: columns }).profile);
  },
);

describe("drift of another table", () => {
  it("is found, with categories that the baseline did not have", async () => {
    const psi = await drifter.createDriftProfile(columns, { kind: "psi" });
    const later = {
      delay: columns.delay.map((delay) => delay + 5),
      carrier: columns.carrier.map((carrier, i) => (i % 4 === 0 ? "DL" : carrier)),
    };
    const map = await drifter.computeDrift(later, psi);
    expect(map.features["delay"]).toBeGreaterThan(0.25);
    const { features } = await drifter.checkDrift(later, psi);
    const carrier = features.find(({ feature }) => feature === "carrier");
    expect(carrier).toMatchObject({
      status: "alert",
      unseen: { rows: 258 },
      reasons: ["unseen-categories"],
    });
    expect(features.find(({ feature }) => feature === "count")?.status).toBe("no-data");
  });

  it("puts a jump into the first points of a chart, under the profile's own names", async () => {
    const spc = await drifter.createDriftProfile(columns, { kind: "spc", space: "s", name: "n" });
    const jumped = { ...columns, delay: columns.delay.map((delay, i) => (i < 200 ? 100 : delay)) };
    const map = await drifter.computeDrift(jumped, spc);
    expect(map).toMatchObject({ space: "s", name: "n" });
    expect(map.features["delay"]?.samples[0]).toBe(100);
    expect(map.features["delay"]?.drift.slice(0, 8)).toEqual([4, 4, 4, 4, 4, 4, 4, 4]);
    expect(map.features["delay"]?.drift.slice(8)).not.toContain(4);
    const { features } = await drifter.checkDrift(jumped, spc);
    expect(
      features.filter(({ status }) => status === "alert").map(({ feature }) => feature),
    ).toEqual(["delay"]);
  });

  it.each(["psi", "spc"] as const)("refuses a file of a header alone, %s", async (kind) => {
    const file = join(folder, `header-${kind}.csv`);
    await writeFile(file, "age,country\n");
    const made =
      kind === "psi"
        ? drifter.createDriftProfile({ file }, { kind })
        : drifter.createDriftProfile({ file }, { kind });
    await expect(made).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringMatching(/no rows|0 usable values/) as string,
    });
  });

  it("refuses a column that the profile does not have, and a profile of another kind", async () => {
    const psi = await drifter.createDriftProfile({ a: [1, 2, 3] }, { kind: "psi" });
    await expect(drifter.computeDrift({ b: [1] }, psi)).rejects.toMatchObject({
      code: "DRIFT_FEATURE_UNKNOWN",
      message: expect.stringContaining("available: a") as string,
    });
    const custom = await drifter.createDriftProfile(
      { name: "mae", baseline: 2, threshold: "Above", delta: 1 },
      { kind: "custom" },
    );
    expect(custom).toMatchObject({ metrics: { mae: 2 }, config: { drift_type: "Custom", uid } });
    await expect(
      drifter.computeDrift({ a: [1] }, custom as unknown as PsiProfile),
    ).rejects.toMatchObject({ code: "TABULAR_PROFILE_KIND" });
  });
});

describe("alerts of a control chart", () => {
  const rule = {
    rule: "8 16 4 8 2 4 1 1",
    zones_to_monitor: ["Zone1", "Zone2", "Zone3", "Zone4"] as const,
  };
  const found = [4, 1, -1, 2, -2, 1, 1, 1, 1, 1, 1, 1, 1, 1];
  const matrix = [
    [0, 0, 1, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 1],
    [0, 1, 0, 1.1, 0, 0, 2.1, 0, 1, 1, 0, 2.1, 0, 0],
    found,
    found,
  ];
  const codes = found.map((_, point) => matrix.map((column) => column[point] as number));

  it("of a matrix of 14 points and four features", () => {
    const alerts = drifter.generateAlerts(codes, ["f1", "f2", "f3", "f4"], rule);
    const both = [
      { kind: "Consecutive", zone: "Zone1" },
      { kind: "OutOfBounds", zone: "Zone4" },
    ];
    expect(alerts).toEqual({
      features: {
        f1: { feature: "f1", alerts: [] },
        f2: { feature: "f2", alerts: [] },
        f3: { feature: "f3", alerts: both },
        f4: { feature: "f4", alerts: both },
      },
      has_alerts: true,
    });
  });

  it.each<[string, number[][], object, string]>([
    ["rows of another width", [[1]], rule, "point 0 has 1 codes for 2 features"],
    ["what is no zone code", [[1, 5]], rule, "5 is no zone code"],
    ["a rule that cannot be read", [[1, 1]], { ...rule, rule: "8 16" }, "has 2 numbers"],
  ])("refuse %s", (_, given, wanted, message) => {
    expect(() => drifter.generateAlerts(given, ["a", "b"], wanted as typeof rule)).toThrow(message);
  });
});

describe("what is asked of a table", () => {
  it("may be some of its columns", async () => {
    const profile = await new DataProfiler({ clock }).createDataProfile(
      inputs["parquet"] as TableInput,
      {
        columns: ["delay", "count"],
        without: ["count"],
      },
    );
    expect(Object.keys(profile.features)).toEqual(["delay"]);
  });

  it("is told when it was not done as asked", async () => {
    const notes: TableNote[] = [];
    const telling = new Drifter({ clock, onNote: (note) => notes.push(note) });
    await telling.createDriftProfile({ f: [1, 1, 1, 1, 2, NaN] }, { kind: "psi" });
    expect(notes.map(({ column }) => column)).toEqual(["f", "f"]);
    expect(notes.map(({ message }) => message).join("; ")).toMatch(/left out.*merged/);
  });

  it("can be called off while a file is read", async () => {
    const reason = new Error("enough");
    const input = inputs["csv in a thread"] as TableInput;
    const profiling = new DataProfiler().createDataProfile(input, {
      signal: AbortSignal.abort(reason),
    });
    await expect(profiling).rejects.toBe(reason);
    const stop = new AbortController();
    const running = new DataProfiler().createDataProfile(input, { signal: stop.signal });
    stop.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  it.each<[string, TableInput, string]>([
    ["no columns", {}, "it has no columns"],
    ["no rows", [], "it has no rows"],
    ["columns of unequal length", { a: [1], b: [1, 2] }, "'b' has 2 rows, 'a' has 1"],
    ["rows of unequal width", [[1, 2], [1]], "row 1 has 1 values, the first has 2"],
    [
      "a matrix that is cut",
      { values: new Float64Array(5), columns: ["a", "b"] },
      "5 values do not fill rows of 2 columns",
    ],
    ["a text among numbers", { a: [1, "x"] }, "column 'a' holds numbers, but 'x' at row 1"],
    ["a file of unknown format", { file: "t.xls" }, "'t.xls' does not tell its format"],
    ["a file that is missing", { file: "/nowhere/t.csv" }, "cannot read '/nowhere/t.csv': ENOENT"],
  ])("is refused with %s", async (_, input, message) => {
    await expect(new DataProfiler().createDataProfile(input)).rejects.toThrow(message);
  });
});

it("takes booleans, dates, big integers and rows of arrays for what they are", async () => {
  const profile = await new DataProfiler({ clock }).createDataProfile([
    [true, new Date(timestamp), 5n, undefined],
    [false, new Date(NaN), 7n, 1.5],
  ]);
  const { feature_0: flag, feature_1: time, feature_2: big, feature_3: gap } = profile.features;
  expect(flag?.string_stats?.word_stats.words).toHaveProperty("true");
  expect(time?.string_stats).toMatchObject({
    missing: 1,
    word_stats: { words: { [timestamp]: { count: 1 } } },
  });
  expect(big?.numeric_stats?.mean).toBe(6);
  expect(gap?.numeric_stats).toMatchObject({ missing: 1, mean: 1.5 });
});
