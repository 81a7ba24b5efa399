import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where `scripts/packages/prepare-packages.mjs` put what apps install. */
export const PREPARED = fileURLToPath(new URL("../../../../.scouter-packages", import.meta.url));

export const preparedFolder = (name: string): string => join(PREPARED, name);
