import { createRequire } from "node:module";

/** One level above both `src` and `dist`. */
const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

/** Version of this release. */
export const SERVER_VERSION = version;

/** Version of the HTTP API, sent with every response. */
export const API_VERSION = "1.0.0";
export const API_VERSION_HEADER = "x-scouter-api-version";
