/** Placeholders that the reference client writes for what is unset. */
export const MISSING_TEXT = "__missing__";
export const MISSING_VERSION = "0.0.0";
