/**
 * The part of the contracts that loads no schema library: what programs need that must start fast and stay small. Types
 * cost nothing and come from the main entry.
 */
export { type Clock, systemClock } from "./clock.ts";
export { ScouterError, isScouterError, type ErrorKind } from "./error/scouter-error.ts";
export type { ScouterErrorFields } from "./error/scouter-error.ts";
export { defineErrors, type ErrorDefinition, type ErrorOptions } from "./error/define-errors.ts";
export { MISSING_TEXT, MISSING_VERSION } from "./profile/placeholders.ts";
