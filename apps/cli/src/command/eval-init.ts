import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { errors } from "../errors.ts";
import { exitCodes } from "../exit-code.ts";
import { starterFiles } from "../offline/starter-files.ts";
import { type CommandContext, type OutputOptions, print, withJson } from "./command-context.ts";

interface InitOptions extends OutputOptions {
  readonly force?: true;
}

export function addEvalInitCommand(evaluation: Command, context: CommandContext): void {
  const init = evaluation
    .command("init")
    .argument("[folder]", "where the files go", ".")
    .option("--force", "write over files that are there")
    .description("write a starter suite, an agent to fill in, and a workflow that gates with them");
  withJson(init).action((folder: string, options: InitOptions) => {
    writeStarter(context, folder, options);
  });
}

/** All files or none: a file that is there already is somebody's work. */
function writeStarter(
  { terminal, finish }: CommandContext,
  folder: string,
  options: InitOptions,
): void {
  const root = resolve(terminal.workingFolder, folder);
  const taken = starterFiles.filter(({ path }) => existsSync(join(root, path)));
  if (taken.length > 0 && options.force !== true) {
    throw errors.CLI_STARTER_TAKEN({ files: taken.map(({ path }) => path), folder: root });
  }
  for (const { path, text } of starterFiles) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const written = starterFiles.map(({ path }) => path);
  // As the next command line needs them, from where this one was typed.
  const at = (path: string) => join(folder, path);
  const run = `scouter eval run ${at("evals/suite.yaml")} --agent ${at("evals/agent.ts")}`;
  print(terminal, options, {
    document: { folder: root, written },
    text: () =>
      [
        ...written.map((path) => `wrote ${at(path)}`),
        "",
        `try it:    ${run} --out ${at("evals/results")}`,
        `baseline:  ${run} --repeat 3 --out ${at("evals/baseline")}`,
        `gate:      ${run} --baseline ${at("evals/baseline/results.json")}`,
      ].join("\n"),
  });
  finish(exitCodes.ok);
}
