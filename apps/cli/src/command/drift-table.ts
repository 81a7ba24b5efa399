import type { DataProfile, FeatureDataProfile } from "@scouter/contracts";
import { psiProfile, spcProfile } from "@scouter/contracts";
import type { PsiFeatureResult, SpcFeatureResult } from "@scouter/drift";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import { exitCodes } from "../exit-code.ts";
import { table } from "../output/table.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { wholeNumber } from "./number-option.ts";
import { readProfileFile } from "./profile-file.ts";
import { tableFileOf, type TableOptions, tableRunOf, tellNote, withTable } from "./table-file.ts";

interface ProfileOptions extends OutputOptions, TableOptions {
  readonly bins: number;
  readonly correlations?: true;
}

interface CheckOptions extends OutputOptions, TableOptions {
  readonly profile: string;
}

/** Commands on files of tables, which need no server. */
export function addTableCommands(drift: Command, context: CommandContext): void {
  const profile = drift
    .command("profile")
    .argument("<file>", "CSV, Parquet or Arrow")
    .description("what the columns of a file hold: statistics, quantiles, frequent values")
    .option(
      "--bins <n>",
      "of a histogram, 1 to 1000 (with --json)",
      wholeNumber("--bins", 1, 1000),
      20,
    )
    .option("--correlations", "of every pair of columns (with --json)");
  withJson(withTable(profile)).action((file: string, options: ProfileOptions) =>
    profileFile(context, file, options),
  );
  const check = drift
    .command("check")
    .argument("<file>", "CSV, Parquet or Arrow")
    .requiredOption("--profile <file>", "a psi or spc profile, as 'profile create' writes it")
    .description("judge a file as a server judges a window; exit code 1 when something drifted");
  withJson(withTable(check)).action((file: string, options: CheckOptions) =>
    checkFile(context, file, options),
  );
}

async function profileFile(
  { terminal, finish }: CommandContext,
  file: string,
  options: ProfileOptions,
) {
  const { DataProfiler } = await import("@scouter/tabular");
  const profiler = new DataProfiler({ onNote: tellNote(terminal) });
  const profile = await profiler.createDataProfile(tableFileOf(terminal, file, options), {
    ...tableRunOf(options),
    binSize: options.bins,
    computeCorrelations: options.correlations ?? false,
  });
  print(terminal, options, { document: profile, text: () => profileText(profile) });
  finish(exitCodes.ok);
}

function profileText({ features }: DataProfile): string {
  const all = Object.values(features);
  const numbers = all.filter(({ numeric_stats: stats }) => stats !== null && stats !== undefined);
  const texts = all.filter(({ string_stats: stats }) => stats !== null && stats !== undefined);
  return [
    numbers.length === 0 ? "" : numberTable(numbers),
    texts.length === 0 ? "" : textTable(texts),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function numberTable(features: readonly FeatureDataProfile[]): string {
  const of =
    (pick: (stats: NonNullable<FeatureDataProfile["numeric_stats"]>) => unknown) =>
    (feature: FeatureDataProfile) =>
      feature.numeric_stats ? numberText(pick(feature.numeric_stats)) : "-";
  const right = "right" as const;
  return table(features, [
    { title: "numbers", value: ({ id }) => id, maximum: 40 },
    { title: "rows", align: right, value: of(({ rows }) => rows) },
    { title: "missing", align: right, value: of(({ missing }) => missing) },
    { title: "different", align: right, value: of(({ distinct }) => distinct.count) },
    { title: "mean", align: right, value: of(({ mean }) => mean) },
    { title: "stddev", align: right, value: of(({ stddev }) => stddev) },
    { title: "min", align: right, value: of(({ min }) => min) },
    { title: "q25", align: right, value: of(({ quantiles }) => quantiles.q25) },
    { title: "q50", align: right, value: of(({ quantiles }) => quantiles.q50) },
    { title: "q75", align: right, value: of(({ quantiles }) => quantiles.q75) },
    { title: "q99", align: right, value: of(({ quantiles }) => quantiles.q99) },
    { title: "max", align: right, value: of(({ max }) => max) },
  ]);
}

const SHOWN_WORDS = 3;

function textTable(features: readonly FeatureDataProfile[]): string {
  const right = "right" as const;
  return table(features, [
    { title: "texts", value: ({ id }) => id, maximum: 40 },
    { title: "rows", align: right, value: ({ string_stats: s }) => numberText(s?.rows) },
    { title: "missing", align: right, value: ({ string_stats: s }) => numberText(s?.missing) },
    {
      title: "different",
      align: right,
      value: ({ string_stats: s }) => numberText(s?.distinct.count),
    },
    {
      title: "longest",
      align: right,
      value: ({ string_stats: s }) => numberText(s?.char_stats.max_length),
    },
    { title: "most frequent", value: frequentText, maximum: 60 },
  ]);
}

function frequentText({ string_stats: stats }: FeatureDataProfile): string {
  const words = Object.entries(stats?.word_stats.words ?? {});
  return words
    .sort(([, a], [, b]) => b.count - a.count)
    .slice(0, SHOWN_WORDS)
    .map(([word, { percent }]) => `${word} ${(100 * percent).toFixed(1)} %`)
    .join(", ");
}

async function checkFile(
  { terminal, finish }: CommandContext,
  file: string,
  options: CheckOptions,
) {
  const { Drifter } = await import("@scouter/tabular");
  const { kind, body } = readProfileFile(terminal.workingFolder, options.profile, "any");
  const drifter = new Drifter({ onNote: tellNote(terminal) });
  const input = tableFileOf(terminal, file, options);
  const run = tableRunOf(options);
  if (kind !== "Psi" && kind !== "Spc") {
    const reason = `it is a ${kind.toLowerCase()} profile: expected psi or spc`;
    throw errors.CLI_PROFILE_FILE({ file: options.profile, reason });
  }
  const features: readonly (PsiFeatureResult | SpcFeatureResult)[] =
    kind === "Psi"
      ? (await drifter.checkDrift(input, checked(psiProfile, body, options.profile), run)).features
      : (await drifter.checkDrift(input, checked(spcProfile, body, options.profile), run)).features;
  print(terminal, options, {
    document: { kind: kind.toLowerCase(), features },
    text: () => resultTable(features),
  });
  const drifted = features.some(({ status }) => status === "alert");
  finish(drifted ? exitCodes.checkFailed : exitCodes.ok);
}

interface Schema<Profile> {
  safeParse(
    given: unknown,
  ):
    | { readonly success: true; readonly data: Profile }
    | { readonly success: false; readonly error: { readonly message: string } };
}

function checked<Profile>(schema: Schema<Profile>, body: unknown, file: string): Profile {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw errors.CLI_PROFILE_FILE({
    file,
    reason: `it is not a valid profile: ${parsed.error.message}`,
  });
}

function resultTable(features: readonly (PsiFeatureResult | SpcFeatureResult)[]): string {
  return table(features, [
    { title: "feature", value: ({ feature }) => feature, maximum: 40 },
    { title: "status", value: ({ status }) => (status === "alert" ? "drifted" : status) },
    {
      title: "rows",
      align: "right",
      value: (own) => numberText("rows" in own ? own.rows : undefined),
    },
    {
      title: "psi",
      align: "right",
      value: (own) => numberText("psi" in own ? own.psi : undefined),
    },
    {
      title: "threshold",
      align: "right",
      value: (own) => numberText("threshold" in own ? own.threshold : undefined),
    },
    { title: "reason", value: reasonText, maximum: 80 },
  ]);
}

function reasonText(own: PsiFeatureResult | SpcFeatureResult): string {
  if (own.status === "insufficient-data") return `${own.have} rows of ${own.need} needed`;
  if (own.status === "error") return own.message;
  if ("reasons" in own) return own.reasons.join(", ");
  return "alerts" in own ? own.alerts.map(({ kind, zone }) => `${kind} ${zone}`).join(", ") : "";
}

function numberText(value: unknown): string {
  if (typeof value !== "number") return "-";
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));
}
