import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Size of a write-ahead log segment: 1 MB instead of 16 MB, of which PGlite would keep several. */
export const INITDB_PARAMETERS: readonly string[] = ["--wal-segsize=1"];

/** The pinned release whose empty data folder the template holds; a test compares it with package.json. */
export const PGLITE_VERSION = "0.5.16";

/** Beside `src` and `dist`, so that both find it. */
const file = fileURLToPath(
  new URL(`../../../template/pglite-${PGLITE_VERSION}.tar.gz`, import.meta.url),
);

/**
 * An empty data folder as an archive. Unpacking it takes a third of the time and half of the memory of making one
 * (initdb runs as WebAssembly too). `scripts/write-template.mjs` writes it, before tests and when the package is
 * published; without it everything works, only the first start is slower.
 */
export function initdbTemplate(): string | undefined {
  return existsSync(file) ? file : undefined;
}
