import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packagesFolder } from "../../../../scripts/packages/packages-folder.mjs";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** A folder that `scripts/packages/prepare-packages.mjs` installed. */
export const preparedFolder = (name: string): string => join(packagesFolder(root), name);
