// Entry `@scouter/lake/ingest-log`: the port and what an adapter in another package needs, without the engine.
export * from "./ingest-log.ts";
export { checkEntry } from "./entry-record.ts";
export { digestKey } from "./digest-table.ts";
export { requireOwner } from "./owner-id.ts";
export { HeldBytes } from "./held-bytes.ts";
export { errors as ingestLogErrors } from "../errors.ts";
