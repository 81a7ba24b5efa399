import { join } from "node:path";

/** A folder that `scripts/packages/prepare-packages.mjs` installed. */
export function preparedFolder(name: string): string {
  const folder = process.env["SCOUTER_TEST_PACKAGES"];
  if (folder !== undefined) return join(folder, name);
  throw new Error("run these tests by 'npm run check -- --only packages', which installs first");
}
