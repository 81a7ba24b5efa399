import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import {
  type AlertThreshold,
  alertThreshold,
  type BinningStrategy,
  type CustomProfile,
  type PsiProfile,
  type SpcProfile,
} from "@scouter/contracts";
import type { CustomMetric } from "@scouter/drift";
import type { Drifter } from "@scouter/tabular";
import { type Command, Option } from "commander";
import { errors } from "../errors.ts";
import { exitCodes } from "../exit-code.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { wholeNumber } from "./number-option.ts";
import { tableFileOf, type TableOptions, tableRunOf, tellNote, withTable } from "./table-file.ts";

interface CreateOptions extends OutputOptions, TableOptions {
  readonly kind: "psi" | "spc" | "custom";
  readonly space?: string;
  readonly name?: string;
  readonly profileVersion?: string;
  readonly schedule?: string;
  readonly output?: string;
  readonly bins: number;
  readonly rule?: string;
  readonly categorical?: readonly string[];
  readonly sampleSize?: number;
  readonly metric?: readonly string[];
}

const BIN_RULES = [
  "SquareRoot",
  "Sturges",
  "Rice",
  "Doane",
  "Scott",
  "TerrellScott",
  "FreedmanDiaconis",
];

export function addProfileCreateCommand(profile: Command, context: CommandContext): void {
  const create = profile
    .command("create")
    .argument("[file]", "training data: CSV, Parquet or Arrow; none for --kind custom")
    .description("make a drift profile of training data, as a file that 'profile register' takes")
    .addOption(
      new Option("--kind <kind>", "distributions, control charts, or metrics with a baseline")
        .choices(["psi", "spc", "custom"])
        .default("psi"),
    )
    .option("--space <space>", "whose profile it is")
    .option("--name <name>", "of the profile")
    .option("--profile-version <version>", "default: the server chooses")
    .option("--schedule <cron>", "when windows end; default: daily at midnight, UTC")
    .option("--output <file>", "default: <kind>_drift_profile.json")
    .option(
      "--bins <n>",
      "psi: quantile bins of a number, 2 to 1000",
      wholeNumber("--bins", 2, 1000),
      10,
    )
    .addOption(
      new Option(
        "--rule <rule>",
        "psi: bins of equal width instead, as many as the rule says",
      ).choices(BIN_RULES),
    )
    .option("--categorical <columns...>", "psi: number columns with a bin for each value")
    .option(
      "--sample-size <n>",
      "spc, custom: values of a point",
      wholeNumber("--sample-size", 2, 1e6),
    )
    .option(
      "--metric <metrics...>",
      "custom: name:baseline:Above|Below|Outside[:delta], such as mae:1.2:Above:0.3",
    );
  withJson(withTable(create)).action((file: string | undefined, options: CreateOptions) =>
    createProfile(context, file, options),
  );
}

async function createProfile(
  { terminal, finish }: CommandContext,
  file: string | undefined,
  options: CreateOptions,
) {
  const { Drifter } = await import("@scouter/tabular");
  const notes: { column: string; message: string }[] = [];
  const tell = tellNote(terminal);
  const drifter = new Drifter({
    onNote: (note) => {
      notes.push({ ...note });
      tell(note);
    },
  });
  const made =
    options.kind === "custom"
      ? await customProfile(drifter, options)
      : await tableProfile(drifter, options, tableOf(terminal, file, options));
  const output = resolve(
    terminal.workingFolder,
    options.output ?? `${options.kind}_drift_profile.json`,
  );
  await write(output, `${JSON.stringify(made, null, 2)}\n`);
  const isCustom = options.kind === "custom";
  const features = Object.keys((isCustom ? made["metrics"] : made["features"]) as object);
  const { space, name, version } = made.config;
  print(terminal, options, {
    document: { file: output, kind: options.kind, space, name, version, features, notes },
    text: () =>
      [
        `${options.kind} profile of ${features.length} ${isCustom ? "metrics" : "features"}: ${features.join(", ")}`,
        `written to ${output}`,
        `'scouter profile register ${output} --activate' begins watching it`,
      ].join("\n"),
  });
  finish(exitCodes.ok);
}

function tableOf(
  terminal: CommandContext["terminal"],
  file: string | undefined,
  options: CreateOptions,
) {
  if (file === undefined) {
    throw errors.CLI_OPTION_INVALID({
      option: "[file]",
      given: "",
      allowed: "a file of training data",
    });
  }
  return tableFileOf(terminal, file, options);
}

function ownerOf({ space, name, profileVersion, schedule }: CreateOptions) {
  return {
    ...(space === undefined ? {} : { space }),
    ...(name === undefined ? {} : { name }),
    ...(profileVersion === undefined ? {} : { version: profileVersion }),
    ...(schedule === undefined ? {} : { alert: { schedule } }),
  };
}

function tableProfile(
  drifter: Drifter,
  options: CreateOptions,
  table: ReturnType<typeof tableFileOf>,
): Promise<PsiProfile | SpcProfile> {
  const { sampleSize, categorical = [] } = options;
  const run = tableRunOf(options);
  if (options.kind === "spc") {
    const size = sampleSize === undefined ? {} : { sampleSize };
    return drifter.createDriftProfile(table, { kind: "spc", ...ownerOf(options), ...size }, run);
  }
  const binning = binningOf(options);
  const config = {
    kind: "psi",
    ...ownerOf(options),
    binning,
    categoricalFeatures: categorical,
  } as const;
  return drifter.createDriftProfile(table, config, run);
}

function binningOf({ bins, rule }: CreateOptions): BinningStrategy {
  if (rule === undefined) return { QuantileBinning: { num_bins: bins } };
  // One of BIN_RULES: commander refuses others.
  return { EqualWidthBinning: { method: { [rule]: null } } } as unknown as BinningStrategy;
}

function customProfile(drifter: Drifter, options: CreateOptions): Promise<CustomProfile> {
  const metrics = (options.metric ?? []).map(metricOf);
  const { sampleSize } = options;
  const size = sampleSize === undefined ? {} : { sampleSize };
  return drifter.createDriftProfile(metrics, { kind: "custom", ...ownerOf(options), ...size });
}

function metricOf(given: string): CustomMetric {
  const [name = "", baseline = "", direction = "", delta, ...more] = given.split(":");
  const threshold = alertThreshold.options.find(
    (option: AlertThreshold) => option.toLowerCase() === direction.toLowerCase(),
  );
  const numbers = [baseline, ...(delta === undefined ? [] : [delta])].map((text) =>
    text.trim() === "" ? Number.NaN : Number(text),
  );
  if (
    name === "" ||
    threshold === undefined ||
    more.length > 0 ||
    !numbers.every(Number.isFinite)
  ) {
    const allowed = "name:baseline:Above|Below|Outside[:delta]";
    throw errors.CLI_OPTION_INVALID({ option: "--metric", given, allowed });
  }
  const [value = 0, tolerated] = numbers;
  return {
    name,
    baseline: value,
    threshold,
    ...(tolerated === undefined ? {} : { delta: tolerated }),
  };
}

async function write(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.CLI_OUTPUT_FILE({ file, reason }, { cause });
  }
}
