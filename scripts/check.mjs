/**
 * Every check of the repository, in order, on a machine that has nothing but Node >= 20 and npm. Plain Node: it runs
 * before anything is installed. `npm run check -- --help` lists the options.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brokerInstallations, findBrokers } from "./check/brokers.mjs";
import { chromiumInstallation, findChromium } from "./check/chromium.mjs";
import { parseCheckArguments } from "./check/arguments.mjs";
import { childRunner } from "./check/child.mjs";
import { bothRuns, filesToRunAgain, remarkOfDeath } from "./check/dead-files.mjs";
import { findPostgresql, postgresqlInstallation } from "./check/postgresql.mjs";
import { SUITES, toolPath } from "./check/suites.mjs";
import { summary } from "./check/summary.mjs";
import { findPinnedNode } from "./pinned-node.mjs";
import { checkNodeVersion, checkNpmVersion, install, needsInstall } from "./prepare-checkout.mjs";

const LIMIT_OF_BUDGET = 4;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wanted = parseCheckArguments(
  process.argv.slice(2),
  SUITES.map(({ name }) => name),
);
if ("usage" in wanted) {
  console.error(wanted.usage);
  process.exit(2);
}
if (wanted.list) {
  for (const { name, budgetSeconds } of SUITES) console.log(`${name}\t${budgetSeconds} s`);
  process.exit(0);
}

const results = [];
const remarks = [];
const children = childRunner(root);
const temporaryFolder = mkdtempSync(join(tmpdir(), "scouter-check-"));
process.on("exit", () => rmSync(temporaryFolder, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => void interrupt(signal));

try {
  await prepare();
  await runSuites(findPinnedNode(root).path);
} catch (error) {
  console.error(error.message);
  record("prepare", 0, 0, { failed: 1, note: error.message });
}
console.log(summary(results, remarks));
process.exit(results.some(({ failed }) => failed > 0) ? 1 : 0);

async function prepare() {
  checkNodeVersion();
  if (!wanted.install || !needsInstall(root)) return;
  heading(`install (npm ${checkNpmVersion()})`);
  await install(root);
}

async function runSuites(node) {
  const suites = SUITES.filter(({ name }) => wanted.suites.includes(name));
  const unwanted = SUITES.map(({ name }) => name).filter((name) => !wanted.suites.includes(name));
  if (unwanted.length > 0) remarks.push(`left out as asked: ${unwanted.join(", ")}`);
  if (suites.some(({ needsPostgresql }) => needsPostgresql)) await providePostgresql(node);
  if (suites.some(({ needsBrokers }) => needsBrokers)) await provideBrokers(node);
  if (suites.some(({ needsChromium }) => needsChromium)) await provideChromium(node);
  for (const suite of suites) await runSuite(suite, node);
}

async function runSuite(suite, node) {
  if (suite.needsFile !== undefined && !existsSync(join(root, suite.needsFile))) {
    remarks.push(`${suite.name} was LEFT OUT: ${suite.needsFile} does not exist`);
    return;
  }
  // The remark of `provideChromium` says so already.
  if (suite.needsChromium === true && findChromium(root, node) === undefined) return;
  heading(suite.name);
  const started = performance.now();
  const tool = (packageName, binName) => toolPath(root, packageName, binName);
  const report = reportPath(suite.name);
  const run = await runCommands(suite, node, report, suite.commands({ tool, report }));
  const first = suite.counts(report, run.why === "");
  const counts = await withDeadFilesAgain(suite, node, first, run.lastWords);
  const left = await children.killStrays();
  for (const command of left) console.error(`left running by ${suite.name}, killed: ${command}`);
  const failed = counts.failed + (left.length > 0 ? 1 : 0);
  const why = counts.failed > 0 ? run.why : "";
  const note = left.length > 0 ? `left ${left.length} processes running` : why;
  const failures = counts === first ? deaths(run.lastWords) : [];
  const all = { ...counts, failures: [...(counts.failures ?? []), ...failures] };
  record(suite.name, started, suite.budgetSeconds, { ...all, failed, note });
}

function reportPath(name) {
  return join(temporaryFolder, `${name}.json`);
}

async function runCommands(suite, node, report, commands) {
  const binaries = [dirname(node), join(root, "node_modules", ".bin"), process.env["PATH"] ?? ""];
  let why = "";
  let lastWords = "";
  for (const parameters of commands) {
    const end = await children.run(node, parameters, {
      env: { ...suite.env({ temporaryFolder, report }), PATH: binaries.join(delimiter) },
      limitSeconds: suite.budgetSeconds * LIMIT_OF_BUDGET,
    });
    why ||= end.why;
    if (!end.ok) lastWords ||= end.lastWords;
  }
  return { why, lastWords };
}

async function withDeadFilesAgain(suite, node, first, lastWords) {
  const files = suite.again === undefined ? [] : filesToRunAgain(first);
  if (files.length === 0) return first;
  heading(`${suite.name}: again, after a death: ${files.join(", ")}`);
  const report = reportPath(`${suite.name}-again`);
  const tool = (packageName, binName) => toolPath(root, packageName, binName);
  const run = await runCommands(suite, node, report, [suite.again(tool, files)]);
  const second = suite.counts(report, run.why === "");
  const counts = bothRuns(first, second);
  remarks.push(remarkOfDeath(suite.name, first, counts.failed === 0, lastWords));
  return counts;
}

/** Shown with the failures, where a log that is cut still has it; the test that it ended is counted there already. */
function deaths(lastWords) {
  if (lastWords === "") return [];
  return [{ file: "", test: "what a process said when it died", message: lastWords }];
}

async function providePostgresql(node) {
  let server = findPostgresql(root, node);
  const installation = wanted.install ? postgresqlInstallation() : undefined;
  if (server === undefined && installation !== undefined) {
    await installWith("PostgreSQL", installation);
    server = findPostgresql(root, node);
  }
  if (server !== undefined) {
    console.log(`PostgreSQL ${server.major} in ${server.folder}`);
    return;
  }
  remarks.push(
    "PostgreSQL >= 15 IS NOT HERE and could not be installed: every test against it was LEFT OUT; install its server programs and run again",
  );
}

async function provideBrokers(node) {
  const installations = wanted.install ? brokerInstallations(findBrokers(root, node)) : [];
  if (installations.length > 0) await installWith("brokers", installations);
  const { redis, rabbitmq, kafka } = findBrokers(root, node);
  const missing = Object.entries({ Redis: redis, RabbitMQ: rabbitmq, "Apache Kafka": kafka })
    .filter(([, found]) => !found)
    .map(([name]) => name);
  if (missing.length === 0) return console.log("brokers: Redis, RabbitMQ, Apache Kafka");
  remarks.push(
    `${missing.join(", ")} IS NOT HERE and could not be installed: every test against it was LEFT OUT; install redis-server, rabbitmq-server, or Java and Maven (for the jars of Kafka) and run again`,
  );
}

async function provideChromium(node) {
  const installation = wanted.install ? chromiumInstallation() : undefined;
  if (findChromium(root, node) === undefined && installation !== undefined) {
    await installWith("Chromium", installation);
  }
  const chromium = findChromium(root, node);
  if (chromium !== undefined) {
    console.log(`Chromium: ${chromium}`);
    return;
  }
  remarks.push(
    "Chromium IS NOT HERE and could not be installed: every test of the dashboard in a browser was LEFT OUT; install it (or name it in SCOUTER_TEST_CHROMIUM) and run again",
  );
}

async function installWith(name, installation) {
  heading(`install ${name}`);
  for (const { program, parameters } of installation) {
    await children.run(program, parameters, { env: { DEBIAN_FRONTEND: "noninteractive" } });
  }
}

function record(name, started, budgetSeconds, counts) {
  const seconds = started === 0 ? 0 : (performance.now() - started) / 1_000;
  results.push({ name, passed: 0, failed: 0, skipped: 0, seconds, budgetSeconds, ...counts });
}

function heading(text) {
  console.log(`\n== ${text}`);
}

async function interrupt(signal) {
  console.error(`\n${signal}: stopping`);
  await children.stopAll();
  process.exit(130);
}
