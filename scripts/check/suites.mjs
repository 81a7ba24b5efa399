import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packagesFolder } from "../packages/packages-folder.mjs";
import { readReport, wholeRun } from "./test-report.mjs";
import { REPORT_VARIABLE } from "./vitest-reporter.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const reporter = fileURLToPath(new URL("./vitest-reporter.mjs", import.meta.url));
const REPORTERS = ["--reporter=default", `--reporter=${reporter}`];

/** The parameters of a run of tests; of all files that the configuration names, or of those given. */
const tests =
  (config) =>
  (tool, files = []) => [
    tool("vitest"),
    "run",
    ...(config === undefined ? [] : ["--config", config]),
    ...files,
    ...REPORTERS,
  ];
const unit = tests();
const endToEnd = tests("vitest.e2e.config.ts");
const dashboard = tests("vitest.dashboard.config.ts");
const packages = tests("vitest.packages.config.ts");

/**
 * What `npm run check` runs, in this order: what is quick and says most comes first. `budgetSeconds` is what a suite
 * should take on two cores; four times that is its limit. Together they stay below 25 minutes, which is what a whole run
 * may take.
 *
 * `commands` are lists of parameters for the pinned Node; `counts` reads how much passed and what failed (`report` is a
 * fresh file name that the command or its environment was given). `again` runs only these files, after their process
 * died.
 */
export const SUITES = [
  {
    name: "format",
    budgetSeconds: 10,
    commands: ({ tool }) => [[tool("oxfmt"), "--check"]],
  },
  {
    name: "lint",
    budgetSeconds: 30,
    commands: ({ tool }) => [[tool("oxlint"), "--type-aware", "--deny-warnings"]],
  },
  {
    name: "types",
    budgetSeconds: 60,
    commands: ({ tool }) => [
      [tool("typescript", "tsc"), "-b", "tsconfig.build.json"],
      [tool("typescript", "tsc"), "-p", "tsconfig.tests.json"],
      [tool("typescript", "tsc"), "-p", "apps/dashboard/tsconfig.json"],
    ],
  },
  {
    name: "structure",
    budgetSeconds: 10,
    commands: ({ report }) => [["scripts/structure/main.ts", `--counts=${report}`]],
    counts: readReport,
  },
  {
    name: "unit",
    budgetSeconds: 240,
    needsPostgresql: true,
    needsBrokers: true,
    env: reportEnvironment,
    commands: ({ tool }) => [unit(tool)],
    again: unit,
    counts: readReport,
  },
  {
    name: "docs",
    budgetSeconds: 60,
    commands: ({ report }) => [
      ["--conditions=scouter-source", "scripts/doc-blocks/main.ts", `--counts=${report}`],
    ],
    counts: readReport,
  },
  {
    name: "end-to-end",
    budgetSeconds: 300,
    needsPostgresql: true,
    needsBrokers: true,
    env: reportEnvironment,
    commands: ({ tool }) => [endToEnd(tool)],
    again: endToEnd,
    counts: readReport,
  },
  {
    name: "dashboard",
    budgetSeconds: 220,
    needsChromium: true,
    env: reportEnvironment,
    commands: ({ tool }) => [["scripts/build-dashboard.mjs"], dashboard(tool)],
    again: dashboard,
    counts: readReport,
  },
  {
    name: "packages",
    budgetSeconds: 180,
    env: (paths) => ({ ...reportEnvironment(paths), SCOUTER_TEST_PACKAGES: packagesFolder(root) }),
    commands: ({ tool }) => [["scripts/packages/prepare-packages.mjs"], packages(tool)],
    again: packages,
    counts: readReport,
  },
  {
    name: "quickstart",
    budgetSeconds: 90,
    needsFile: "scripts/quickstart.mjs",
    // Empty counts as unset: the embedded database, whatever the shell names.
    env: ({ temporaryFolder }) => ({
      DATABASE_URI: "",
      SCOUTER_HOME: join(temporaryFolder, "quickstart"),
      SCOUTER_SERVER_PORT: "random",
      SCOUTER_OTLP_HTTP_PORT: "random",
      SCOUTER_GRPC_PORT: "random",
      SCOUTER_OTLP_GRPC_PORT: "random",
      SCOUTER_METRICS_PORT: "random",
    }),
    commands: () => [["scripts/quickstart.mjs", "--once"]],
  },
].map((suite) => ({
  counts: (_report, endedWell) => wholeRun(endedWell),
  env: () => ({}),
  ...suite,
}));

function reportEnvironment({ report }) {
  return { [REPORT_VARIABLE]: report };
}

/** Path of a tool's program, found by its package's `bin`, so that no shell or link is needed to start it. */
export function toolPath(root, packageName, binName = packageName) {
  const folder = join(root, "node_modules", packageName);
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) throw new Error(`${packageName} is not installed (run npm ci)`);
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  const path = typeof bin === "string" ? bin : bin?.[binName];
  if (path === undefined) throw new Error(`${packageName} has no program '${binName}'`);
  return join(folder, path);
}
