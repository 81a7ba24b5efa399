export * from "./auth-service.ts";
export * from "./message-service.ts";
export * from "./eval-scenario-service.ts";
export * from "./rpc-status.ts";
