/** Completes package-lock.json after an `npm install`: `npm run lock`. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { withPlatformPackages } from "./platform-packages.mjs";

const path = fileURLToPath(new URL("../../package-lock.json", import.meta.url));
const before = JSON.parse(readFileSync(path, "utf8"));
const { lock, unknown } = withPlatformPackages(before);
const added = Object.keys(lock.packages).length - Object.keys(before.packages).length;
if (added > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} platform packages added to package-lock.json`);
if (unknown.length > 0) {
  console.error(`cannot tell the platform of ${unknown.join(", ")}`);
  process.exitCode = 1;
}
