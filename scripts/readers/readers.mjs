import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PYTHON_PACKAGES = ["deltalake==1.6.6", "pyarrow==26.0.1"];
const CHDB = "chdb@3.4.0";

/**
 * Delta readers by other hands, each installed into a cache of its own when first asked for: delta-rs from PyPI, which
 * needs Python 3.10 or newer, and chDB from npm (540 MB), which is for Linux and macOS alone.
 */
export function deltaReaders(root, node) {
  const scripts = join(root, "scripts", "readers");
  const run = (command, parameters, cwd = root) =>
    execFileSync(command, parameters, { cwd, stdio: "inherit" });
  return {
    /** Reads every version that `<folder>/expected.json` names; throws when one is not as it says. */
    readVersions(folder) {
      const given = realpathSync(folder);
      run(pythonWithDeltaRs(root), [join(scripts, "read-versions.py"), given]);
      // chDB reads only below the folder that it runs in.
      run(node, [join(scripts, "read-versions.mjs"), given, folderWithChdb(root)], given);
    },
    python: () => pythonWithDeltaRs(root),
  };
}

function pythonWithDeltaRs(root) {
  const environment = join(root, "node_modules", ".cache", "scouter-readers");
  const python = join(environment, "bin", "python");
  const marker = join(environment, PYTHON_PACKAGES.join("+"));
  if (!existsSync(marker)) {
    const run = (command, ...parameters) => execFileSync(command, parameters, { stdio: "inherit" });
    run("python3", "-m", "venv", "--clear", environment);
    const quietly = ["--quiet", "--disable-pip-version-check"];
    run(python, "-m", "pip", "install", ...quietly, ...PYTHON_PACKAGES);
    mkdirSync(marker);
  }
  return python;
}

function folderWithChdb(root) {
  const folder = join(root, "node_modules", ".cache", `scouter-${CHDB}`);
  if (!existsSync(join(folder, "node_modules", "chdb", "package.json"))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"private":true}');
    const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    execFileSync("npm", ["install", ...options, CHDB], { cwd: folder, stdio: "inherit" });
  }
  return folder;
}
