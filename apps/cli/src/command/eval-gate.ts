import { resolve } from "node:path";
import type { CompareMode, CompareOptions, CompareVerdict } from "@scouter/evaluate";
import { type Command, Option } from "commander";
import { errors } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { parsedFile } from "./parsed-file.ts";
import { share, wholeNumber } from "./number-option.ts";

/** What says when a run is worse than another. */
export interface GateOptions {
  readonly mode: CompareMode;
  readonly threshold: number;
  readonly alpha: number;
  readonly maxMissing: number;
  readonly gate?: readonly string[];
  readonly allowRemoved?: true;
  readonly quarantine?: string;
  readonly seed: number;
  readonly require?: "non-inferior";
}

/** Adds the options of the regression gate. */
export function withGate(command: Command): Command {
  return command
    .addOption(
      new Option("--mode <mode>", "what fails the comparison")
        .choices(["statistical", "threshold", "strict"])
        .default("statistical"),
    )
    .option(
      "--threshold <share>",
      "drop of a pass rate that is tolerated",
      share("--threshold"),
      0.05,
    )
    .option(
      "--alpha <share>",
      "probability of failing an unchanged candidate",
      share("--alpha"),
      0.05,
    )
    .option("--max-missing <share>", "outcomes that may be missing", share("--max-missing"), 0.02)
    .option("--gate <tasks...>", "tasks, as <task> or <alias>/<task>, that may fail it too")
    .option("--allow-removed", "leave out what the candidate lacks instead of failing it")
    .option("--quarantine <file>", "scenarios that are shown and do not decide, as JSON")
    .option(
      "--seed <n>",
      "of drawn permutations and bootstraps",
      wholeNumber("--seed", 0, 2 ** 32 - 1),
      1,
    )
    .addOption(
      new Option("--require <verdict>", "fail unless this is proved").choices(["non-inferior"]),
    );
}

/** @throws CLI_QUARANTINE_FILE, EVALUATE_QUARANTINE_INVALID */
export async function gateOf(terminal: Terminal, options: GateOptions): Promise<CompareOptions> {
  const { readQuarantine } = await import("@scouter/evaluate");
  const { quarantine: name } = options;
  const file = name === undefined ? undefined : resolve(terminal.workingFolder, name);
  return {
    mode: options.mode,
    regressionThreshold: options.threshold,
    alpha: options.alpha,
    maxMissing: options.maxMissing,
    gate: options.gate ?? [],
    allowRemoved: options.allowRemoved ?? false,
    quarantine:
      file === undefined
        ? []
        : readQuarantine(parsedFile(file, errors.CLI_QUARANTINE_FILE), name ?? file),
    seed: options.seed,
  };
}

/** 0 passed, 1 worse or not proved as `--require` wants it, 3 nothing is known. */
export function gateExitCode(
  { verdict }: { readonly verdict: CompareVerdict },
  { require }: Pick<GateOptions, "require">,
): ExitCode {
  if (verdict === "invalid") return exitCodes.fault;
  const isUnproved = require !== undefined && verdict !== require;
  return verdict === "fail" || isUnproved ? exitCodes.checkFailed : exitCodes.ok;
}
