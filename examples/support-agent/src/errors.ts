import { defineErrors } from "@scouter/contracts";

/** What can go wrong in the demo. `error.type` of a failed span is the code. */
export const errors = defineErrors({
  DEMO_CARS_UNREADABLE: {
    kind: "unavailable",
    message: (p: { path: string }) => `the car list '${p.path}' cannot be read as a list of cars`,
    remedy: "install the package vega-datasets again (npm ci)",
  },
  DEMO_COLUMN_UNKNOWN: {
    kind: "invalid",
    message: (p: { column: string; known: readonly string[] }) =>
      `column '${p.column}' is unknown; the columns are ${p.known.join(", ")}`,
    remedy: "ask for one of the listed columns",
  },
  DEMO_CAR_NOT_FOUND: {
    kind: "not-found",
    message: (p: { name: string; year: number }) =>
      `no car named '${p.name}' of ${String(p.year)} is listed`,
    remedy: "check the spelling and the year",
  },
  DEMO_NO_MATCH: {
    kind: "not-found",
    message: "no listed car matches the filter",
    remedy: "use a wider filter",
  },
  DEMO_TOOL_UNKNOWN: {
    kind: "invalid",
    message: (p: { tool: string }) => `the agent has no tool named '${p.tool}'`,
    remedy: "call one of the tools that the request offers",
  },
  DEMO_TOOL_ARGUMENTS: {
    kind: "invalid",
    message: (p: { tool: string; problem: string }) =>
      `arguments of tool '${p.tool}' are not usable: ${p.problem}`,
    remedy: "send the arguments that the tool's schema asks for",
  },
  DEMO_MODEL_REFUSED: {
    kind: "invalid",
    message: (p: { status: number; reason: string }) =>
      `the model server answered ${String(p.status)}: ${p.reason}`,
    remedy: "check the request against the chat completions protocol",
  },
  DEMO_MODEL_OVERLOADED: {
    kind: "unavailable",
    message: (p: { status: number; reason: string }) =>
      `the model server answered ${String(p.status)}: ${p.reason}`,
    remedy: "ask again after a pause",
  },
  DEMO_MODEL_ANSWER: {
    kind: "invalid",
    message: (p: { problem: string }) => `the model's answer is not usable: ${p.problem}`,
    remedy: "check that the server speaks the chat completions protocol",
  },
  DEMO_QUESTIONS: {
    kind: "invalid",
    message: (p: { given: number; maximum: number }) =>
      `cannot ask ${String(p.given)} questions: expected a whole number from 1 to ${String(p.maximum)}`,
    remedy: "choose another number of questions",
  },
  DEMO_NOT_DELIVERED: {
    kind: "unavailable",
    message: (p: { offered: number; acknowledged: number; rejected: string }) =>
      `of ${String(p.offered)} records ${String(p.acknowledged)} were acknowledged; ${p.rejected}`,
    remedy: "look at the server's log for the refused ones",
  },
});
