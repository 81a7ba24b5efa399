import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** One file of the built dashboard, as it is sent. */
export interface DashboardFile {
  readonly contentType: string;
  readonly body: Buffer;
  /** The same, compressed when the dashboard was built. */
  readonly gzip: Buffer | undefined;
  /** Its name changes with its content, so it may be kept for ever. */
  readonly immutable: boolean;
}

/** Files by the path of their address, such as `/assets/index-1a2b.js`. */
export type DashboardFiles = ReadonlyMap<string, DashboardFile>;

/** The page that every address without a file of its own gets. */
export const START_PAGE = "/index.html";

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".json": "application/json",
};

/** Folder of the built dashboard, whether it was built or not. */
export function dashboardFolder(): string {
  const { resolve } = createRequire(import.meta.url);
  return path.join(path.dirname(resolve("@scouter/dashboard/package.json")), "dist");
}

/**
 * Reads the whole folder: some megabytes at most, and a request can then name no other file. Empty when the dashboard
 * was not built.
 */
export function readDashboard(folder: string): DashboardFiles {
  if (!existsSync(path.join(folder, START_PAGE))) return new Map();
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return new Map(
    names.flatMap((name) => {
      const contentType = contentTypes[path.extname(name)];
      if (contentType === undefined) return [];
      const file = path.join(folder, name);
      const address = `/${name.split(path.sep).join("/")}`;
      const gzip = existsSync(`${file}.gz`) ? readFileSync(`${file}.gz`) : undefined;
      const immutable = address.startsWith("/assets/");
      return [[address, { contentType, body: readFileSync(file), gzip, immutable }] as const];
    }),
  );
}
