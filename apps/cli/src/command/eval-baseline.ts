import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { EvalBaseline, EvalRunItem, RunDocument } from "@scouter/contracts";
import type { Command } from "commander";
import { withServer, withUrl } from "../connection.ts";
import { errors } from "../errors.ts";
import { exitCodes } from "../exit-code.ts";
import { table } from "../output/table.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";
import { wholeNumber } from "./number-option.ts";
import { parsedFile } from "./parsed-file.ts";
import { readRunFrom, type RunSourceOptions, spaceOf } from "./run-source.ts";

/** A baseline of fewer repeats fails many candidates that did not change: it may have been lucky. */
const ENOUGH_REPEATS = 3;

interface SaveOptions extends OutputOptions, RunSourceOptions {
  readonly name: string;
  readonly out?: string;
  readonly last: number;
  readonly fewRepeats?: true;
}

interface ListOptions extends OutputOptions, RunSourceOptions {
  readonly folder?: string;
}

interface PromoteOptions extends OutputOptions, RunSourceOptions {
  readonly name: string;
}

export function addEvalBaselineCommands(evaluation: Command, context: CommandContext): void {
  const baseline = evaluation
    .command("baseline")
    .description("runs that others are compared with, in files or on the server");
  const save = baseline
    .command("save")
    .argument("<run...>", "files of runs; several become one with more repeats")
    .description(
      `makes a baseline of runs with ${String(ENOUGH_REPEATS)} repeats or more, in a file (--out) or on the server`,
    )
    .option("--name <name>", "of the baseline", "main")
    .option("--out <file>", "write it to this file instead of the server")
    .option("--space <space>", "of the server")
    .option(
      "--last <n>",
      "put together with that many earlier runs of the suite on the server",
      wholeNumber("--last", 0, 20),
      0,
    )
    .option("--few-repeats", `take less than ${String(ENOUGH_REPEATS)} repeats`);
  withJson(withUrl(save)).action((runs: readonly string[], options: SaveOptions) =>
    saveBaseline(context, runs, options),
  );
  const list = baseline
    .command("list")
    .description("baselines of the server, or of a folder")
    .option("--space <space>", "of the server (default: all that may be read)")
    .option("--folder <folder>", "files in this folder instead of the server");
  withJson(withUrl(list)).action((options: ListOptions) => listBaselines(context, options));
  const promote = baseline
    .command("promote")
    .argument("<run>", "id of a run that is stored on the server")
    .description("makes a name point at another stored run")
    .option("--name <name>", "of the baseline", "main")
    .option("--space <space>", "of the server");
  withJson(withUrl(promote)).action((run: string, options: PromoteOptions) =>
    promoteBaseline(context, run, options),
  );
}

async function saveBaseline(
  { terminal, finish }: CommandContext,
  sources: readonly string[],
  options: SaveOptions,
) {
  const { poolRuns } = await import("@scouter/evaluate");
  const given = await Promise.all(sources.map((own) => readRunFrom(terminal, own, options)));
  const earlier = options.last > 0 ? await earlierRuns({ terminal, finish }, given, options) : [];
  const run = poolRuns([...given, ...earlier]);
  const fewest = run.scenarios.reduce(
    (least, { repeats }) => Math.min(least, repeats.length),
    run.scenarios[0]?.repeats.length ?? 0,
  );
  if (fewest < ENOUGH_REPEATS && options.fewRepeats !== true) {
    throw errors.CLI_BASELINE_FEW_REPEATS({ fewest, need: ENOUGH_REPEATS });
  }
  const { out } = options;
  if (out !== undefined) {
    const file = resolve(terminal.workingFolder, out);
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw errors.CLI_OUT_FOLDER({ folder: file, reason }, { cause });
    }
    print(terminal, options, {
      document: { file, run_id: run.run_id, repeats: fewest },
      text: () => `baseline of ${repeatsText(run, fewest)} in ${file}`,
    });
    finish(exitCodes.ok);
    return;
  }
  const space = spaceOf(options);
  const saved = await withServer(terminal, options, async (client) => {
    const { id } = await client.storeEvalRun({ space, run });
    return client.promoteEvalBaseline({ space, name: options.name, run: id });
  });
  print(terminal, options, {
    document: saved,
    text: () =>
      `baseline '${saved.name}' of space '${space}' is run ${String(saved.run.id)}, ${repeatsText(run, fewest)}`,
  });
  finish(exitCodes.ok);
}

/** The newest runs of the same suite on the server, but for those that were given, and for pools. */
async function earlierRuns(
  { terminal }: CommandContext,
  given: readonly RunDocument[],
  options: SaveOptions,
): Promise<readonly RunDocument[]> {
  const { readRun } = await import("@scouter/evaluate");
  const space = spaceOf(options);
  const suite = given[0]?.suite.name ?? "";
  return withServer(terminal, options, async (client) => {
    const runs: RunDocument[] = [];
    let cursor: string | undefined;
    do {
      const asked = { space, suite, limit: 50 };
      const page = await client.listEvalRuns(cursor === undefined ? asked : { ...asked, cursor });
      for (const { id, run_id } of page.items) {
        if (runs.length === options.last) return runs;
        if (given.some((own) => own.run_id === run_id)) continue;
        const run = readRun((await client.evalRun(id)).run, run_id);
        if (run.pooled_from === undefined) runs.push(run);
      }
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return runs;
  });
}

function repeatsText({ scenarios }: RunDocument, fewest: number): string {
  return `${String(scenarios.length)} scenarios with ${String(fewest)} repeats or more`;
}

async function listBaselines({ terminal, finish }: CommandContext, options: ListOptions) {
  if (options.folder !== undefined) {
    const files = await runsOfFolder(resolve(terminal.workingFolder, options.folder));
    print(terminal, options, {
      document: { items: files },
      text: () =>
        table(files, [
          { title: "file", value: ({ file }) => file },
          { title: "suite", value: ({ suite }) => suite },
          { title: "made", value: ({ created_at }) => created_at },
          { title: "scenarios", align: "right", value: (own) => String(own.scenarios) },
          { title: "repeats", align: "right", value: ({ repeats }) => String(repeats) },
        ]),
    });
    finish(exitCodes.ok);
    return;
  }
  const items = await withServer(terminal, options, async (client) => {
    const all: EvalBaseline[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.listEvalBaselines({
        ...(options.space === undefined ? {} : { space: options.space }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      all.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return all;
  });
  print(terminal, options, { document: { items }, text: () => baselineTable(items) });
  finish(exitCodes.ok);
}

function baselineTable(items: readonly EvalBaseline[]): string {
  if (items.length === 0) return "no baselines";
  const ofRun = (value: (run: EvalRunItem) => string) => (own: EvalBaseline) => value(own.run);
  return table(items, [
    { title: "name", value: ({ name }) => name },
    { title: "space", value: ({ space }) => space },
    { title: "suite", value: ofRun(({ suite }) => suite) },
    { title: "run", align: "right", value: ofRun(({ id }) => String(id)) },
    { title: "made", value: ofRun(({ created_at }) => created_at) },
    { title: "scenarios", align: "right", value: ofRun(({ scenarios }) => String(scenarios)) },
    { title: "repeats", align: "right", value: ofRun(({ repeats }) => String(repeats)) },
    { title: "promoted by", value: ({ promoted_by }) => promoted_by },
  ]);
}

async function runsOfFolder(folder: string) {
  const { readRun } = await import("@scouter/evaluate");
  let names: readonly string[];
  try {
    names = readdirSync(folder).filter((own) => own.endsWith(".json"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.CLI_RUN_FILE({ file: folder, reason }, { cause });
  }
  return names.toSorted().flatMap((file) => {
    const json = parsedFile(resolve(folder, file), errors.CLI_RUN_FILE);
    // Other JSON may lie beside the runs.
    const isRun = typeof json === "object" && json !== null && "format" in json;
    if (!isRun || json.format !== "scouter-run") return [];
    const { suite, created_at, scenarios, run_id } = readRun(json, file);
    const repeats = scenarios.reduce((most, own) => Math.max(most, own.repeats.length), 0);
    return [{ file, suite: suite.name, run_id, created_at, scenarios: scenarios.length, repeats }];
  });
}

async function promoteBaseline(
  { terminal, finish }: CommandContext,
  given: string,
  options: PromoteOptions,
) {
  const run = wholeNumber("run", 1, Number.MAX_SAFE_INTEGER)(given);
  const space = spaceOf(options);
  const promoted = await withServer(terminal, options, (client) =>
    client.promoteEvalBaseline({ space, name: options.name, run }),
  );
  print(terminal, options, {
    document: promoted,
    text: () =>
      `baseline '${promoted.name}' of space '${space}' is run ${String(promoted.run.id)} now`,
  });
  finish(exitCodes.ok);
}
