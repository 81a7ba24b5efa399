export { compose, type ServerUrls, type System } from "./compose.ts";
export { realOutside, type Outside } from "./compose/outside.ts";
export type * from "./config/config.ts";
export { readConfig, type ConfigReading, type Environment } from "./config/read-config.ts";
export type { PortSetting } from "./config/value-schema.ts";
export { errors as serverErrors } from "./errors.ts";
export { API_VERSION, SERVER_VERSION } from "./version.ts";
