/**
 * Packages with native parts list one optional dependency per platform. npm leaves those out of the lock file that it
 * could not look at when it wrote it, and `npm ci` then refuses the lock, or leaves a platform without its binary.
 * Their versions are exact in the parent's entry and their platform is in their name, so the missing entries can be
 * written from what the lock file says already. They carry no integrity hash until npm sees them.
 */

/** Words of package names, and what npm's `os`, `cpu` and `libc` fields call them. */
const WORDS = {
  os: {
    android: "android",
    darwin: "darwin",
    freebsd: "freebsd",
    linux: "linux",
    openharmony: "openharmony",
    win32: "win32",
  },
  cpu: {
    arm: "arm",
    arm64: "arm64",
    ia32: "ia32",
    ppc64: "ppc64",
    riscv64: "riscv64",
    s390x: "s390x",
    x64: "x64",
  },
  libc: { gnu: "glibc", gnueabihf: "glibc", musl: "musl", musleabihf: "musl" },
};
const EXACT_VERSION = /^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.-]+)*$/;

/**
 * Optional dependencies that no entry of the lock file answers.
 *
 * @param {Readonly<Record<string, any>>} packages the lock file's `packages`
 * @returns {readonly { name: string, version: string, parent: string }[]}
 */
export function missingOptional(packages) {
  return Object.entries(packages).flatMap(([parent, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !isAnswered(packages, parent, name))
      .map(([name, version]) => ({ name, version, parent })),
  );
}

/** As Node looks for it: in the parent's own node_modules, then further out. */
function isAnswered(packages, parent, name) {
  for (let folder = parent; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
    const own = folder === "" ? "" : `${folder}/`;
    if (`${own}node_modules/${name}` in packages) return true;
    if (folder === "") return false;
  }
}

/**
 * The entry of a missing platform package, or undefined when its name or version does not say enough.
 *
 * @param {{ name: string, version: string, parent: string }} missing
 * @param {Readonly<Record<string, any>>} packages
 */
export function platformEntry({ name, version, parent }, packages) {
  const words = name.split(/[^a-z0-9]+/);
  const field = (kind) => words.map((word) => WORDS[kind][word]).filter(Boolean);
  const [os, cpu, libc] = [field("os"), field("cpu"), field("libc")];
  if (os.length !== 1 || cpu.length !== 1 || !EXACT_VERSION.test(version)) return undefined;
  return {
    version,
    cpu,
    ...(packages[parent]?.dev === true ? { dev: true } : {}),
    ...(libc.length === 1 ? { libc } : {}),
    optional: true,
    os,
  };
}

/**
 * The lock file with every platform package that it misses, and the names that could not be added.
 *
 * @param {{ packages: Record<string, any> }} lock
 */
export function withPlatformPackages(lock) {
  const packages = { ...lock.packages };
  const unknown = [];
  for (const missing of missingOptional(packages)) {
    const entry = platformEntry(missing, packages);
    if (entry === undefined) unknown.push(missing.name);
    else packages[`node_modules/${missing.name}`] = entry;
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1));
  return { lock: { ...lock, packages: Object.fromEntries(sorted) }, unknown };
}
