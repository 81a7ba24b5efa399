import { defineErrors } from "@scouter/contracts";

/** Longest piece of a given value that is repeated in a message. */
const SHOWN_LENGTH = 64;

const shown = (given: string) =>
  given.length > SHOWN_LENGTH ? `${given.slice(0, SHOWN_LENGTH)}...` : given;

/**
 * `OTLP_BODY_INVALID` refuses a whole request. The other `OTLP_` codes refuse one span: they appear as
 * `RejectedSpan.code` and are never thrown out of a decoder.
 */
export const errors = defineErrors({
  OTLP_BODY_INVALID: {
    kind: "invalid",
    message: (p: { format: "protobuf" | "json"; at: string; problem: string }) =>
      `otlp ${p.format} body cannot be read at ${p.at}: ${p.problem}`,
    remedy:
      "send an ExportTraceServiceRequest whose encoding is the one that content-type and content-encoding name",
  },
  OTLP_TRACE_ID_INVALID: {
    kind: "invalid",
    message: (p: { given: string }) =>
      `trace id '${shown(p.given)}' is not valid: expected 16 bytes (32 hexadecimal digits), not all zero`,
    remedy: "export spans only from a recording tracer",
  },
  OTLP_SPAN_ID_INVALID: {
    kind: "invalid",
    message: (p: { given: string }) =>
      `span id '${shown(p.given)}' is not valid: expected 8 bytes (16 hexadecimal digits), not all zero`,
    remedy: "export spans only from a recording tracer",
  },
  OTLP_PARENT_SPAN_ID_INVALID: {
    kind: "invalid",
    message: (p: { given: string }) =>
      `parent span id '${shown(p.given)}' is not valid: expected 8 bytes (16 hexadecimal digits), or none for a root`,
    remedy: "leave the parent span id empty for a root span",
  },
  OTLP_TIME_INVALID: {
    kind: "invalid",
    message: (p: { field: "start" | "end"; given: string }) =>
      `${p.field} time '${shown(p.given)}' is not valid: expected 0 to 9223372036854775807 nanoseconds since the unix epoch (until 2262-04-11)`,
    remedy: "check the clock of the sender and that it counts in nanoseconds",
  },
  OTLP_VALUE_TOO_DEEP: {
    kind: "invalid",
    message: (p: { allowed: number }) =>
      `an attribute value is nested too deep: expected at most ${p.allowed} levels of arrays and maps`,
    remedy: "flatten the value, or send it as json text in a string attribute",
  },
  TELEMETRY_ATTRIBUTE_JSON_INVALID: {
    kind: "invalid",
    message: (p: { position: number; problem: string }) =>
      `text is not the json of an attribute value at character ${p.position}: ${p.problem}`,
    remedy: "pass text that attributeValueToJson wrote; a stored column that fails here is damaged",
  },
});
