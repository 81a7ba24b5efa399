import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";

interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}

const MOST_BYTES = 400 * 1024;
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, "utf8")) as Readonly<
  Record<string, Chunk>
>;

/** Everything that must be there before the page can be drawn. */
function filesOf(names: readonly string[]): ReadonlySet<string> {
  const files = new Set<string>();
  const seen = new Set<string>();
  const visit = (name: string) => {
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`the build has no '${name}'`);
    if (seen.has(name)) return;
    seen.add(name);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    for (const next of chunk.imports ?? []) visit(next);
  };
  for (const name of names) visit(name);
  return files;
}

const pages = Object.keys(manifest).filter((name) => name.startsWith("src/pages/"));

it.each(pages)("the first load of %s is at most 400 KiB, compressed", (page) => {
  const sizes = [...filesOf(["index.html", page])].map(
    (file) => gzipSync(readFileSync(`${dist}${file}`), { level: 9 }).length,
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`${page}: ${(bytes / 1024).toFixed(1)} KiB in ${String(sizes.length)} files`);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
});
