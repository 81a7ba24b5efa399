/**
 * Runs the blocks marked `ts run` and `sh run` of every Markdown page: `node scripts/doc-blocks/main.ts
 * [--counts=FILE] [page ...]`. TypeScript blocks are type-checked together, then each runs as a module of its own
 * against the sources; `sh` blocks run with `sh -eu`. Both see SCOUTER_SERVER_URI of a server that is
 * started for them, with an empty home.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { treeOnDisk } from "../structure/source-tree.ts";
import {
  moduleName,
  moduleText,
  pointAtPages,
  runnableBlocks,
  type RunnableBlock,
} from "./runnable-blocks.ts";

const BLOCK_LIMIT_MS = 60_000;
const root = fileURLToPath(new URL("../../", import.meta.url));
const { values, positionals } = parseArgs({
  options: { counts: { type: "string" } },
  allowPositionals: true,
});
const blocks = runnableBlocks(treeOnDisk(root)).filter(
  ({ page }) => positionals.length === 0 || positionals.includes(page),
);
// Inside the repository, so that imports resolve as they do for any of its modules.
const folder = join(root, `.scouter-doc-blocks-${process.pid}`);
const home = mkdtempSync(join(tmpdir(), "scouter-doc-blocks-"));
const counts = { passed: 0, failed: 0, skipped: 0 };
let server: ServerProcess | undefined;
try {
  await typeCheck(blocks.filter(({ language }) => language === "ts"));
  for (const block of blocks) await runBlock(block);
} catch (error) {
  report(
    false,
    "the server for the blocks",
    error instanceof Error ? error.message : String(error),
  );
} finally {
  await server?.stop("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
}
if (values.counts !== undefined) writeFileSync(values.counts, JSON.stringify(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;

async function typeCheck(modules: readonly RunnableBlock[]): Promise<void> {
  if (modules.length === 0) return;
  mkdirSync(folder);
  for (const block of modules) writeFileSync(join(folder, moduleName(block)), moduleText(block));
  const config = {
    extends: "../tsconfig.tests.json",
    compilerOptions: { rootDir: "..", noUnusedLocals: false },
    include: ["*.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const { ok, output } = await execute(process.execPath, [compiler, "-p", folder], {});
  report(ok, `types of ${modules.length} blocks`, pointAtPages(output, modules));
}

async function runBlock(block: RunnableBlock): Promise<void> {
  const name = `${block.page}:${block.line} (${block.language})`;
  if (block.language === "sh" && process.platform === "win32") {
    counts.skipped += 1;
    console.log(`skip ${name}: no sh here`);
    return;
  }
  const env = await serverEnvironment();
  const started = performance.now();
  const { ok, output } =
    block.language === "sh"
      ? await execute("sh", ["-eu", "-c", block.code], env)
      : await execute(
          process.execPath,
          ["--conditions=scouter-source", join(folder, moduleName(block))],
          env,
        );
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  report(ok, `${name} ${seconds} s`, pointAtPages(output, [block]));
}

async function serverEnvironment(): Promise<Readonly<Record<string, string>>> {
  const entry = join(root, "apps", "server", "src", "main.ts");
  server ??= await startServerProcess({ entry, home });
  const binaries = [dirname(process.execPath), join(root, "node_modules", ".bin")];
  return {
    PATH: [...binaries, process.env["PATH"] ?? ""].join(delimiter),
    SCOUTER_SERVER_URI: server.urls.http,
  };
}

function execute(
  program: string,
  parameters: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly ok: boolean; readonly output: string }> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...process.env, ...env }, timeout: BLOCK_LIMIT_MS };
    execFile(program, parameters, options, (error, stdout, stderr) => {
      const why = error?.killed === true ? `stopped after ${BLOCK_LIMIT_MS / 1_000} s\n` : "";
      resolve({ ok: error === null, output: `${stdout}${stderr}${why}` });
    });
  });
}

function report(ok: boolean, name: string, output: string): void {
  counts[ok ? "passed" : "failed"] += 1;
  console.log(`${ok ? "ok  " : "FAIL"} ${name}`);
  if (!ok) console.log(output.replaceAll(/^/gm, "     "));
}
