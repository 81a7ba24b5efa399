import { agentProfile, type AgentProfile, assertionTask } from "@scouter/sdk";

export const PROFILE_SPACE = "examples";
export const PROFILE_NAME = "car-support-answers";
/** Under which the queue holds the profile. */
export const PROFILE_ALIAS = "answers";

/**
 * What is checked on every answer. Four gates choose the checks: questions about cars go one way, all others the
 * other; figures are checked only where a tool gave one, and plausibility only where the answer states one.
 */
export function answerProfile(): AgentProfile {
  return agentProfile({
    space: PROFILE_SPACE,
    name: PROFILE_NAME,
    alias: PROFILE_ALIAS,
    tasks: [...aboutCars(), ...aboutFigures(), ...offTopic(), ...always()],
  });
}

function aboutCars() {
  return [
    assertionTask({
      id: "about_cars",
      description: "the question is about cars",
      contextPath: "expected.in_scope",
      operator: "Equals",
      expectedValue: true,
      condition: true,
    }),
    assertionTask({
      id: "right_tool",
      description: "the agent calls the tool that knows",
      contextPath: "tool_calls[0].name",
      operator: "Equals",
      expectedValue: "${expected.tool}",
      dependsOn: ["about_cars"],
    }),
    assertionTask({
      id: "every_tool_call_succeeds",
      contextPath: "tool_calls",
      itemContextPath: "ok",
      operator: "Equals",
      expectedValue: true,
      dependsOn: ["about_cars"],
    }),
    assertionTask({
      id: "states_a_figure",
      description: "the text holds a number",
      contextPath: "answer.text",
      operator: "MatchesRegex",
      expectedValue: "\\d",
      dependsOn: ["about_cars"],
    }),
  ];
}

function aboutFigures() {
  return [
    assertionTask({
      id: "tool_gave_a_figure",
      contextPath: "tool_calls[0].ok",
      operator: "Equals",
      expectedValue: true,
      dependsOn: ["about_cars"],
      condition: true,
    }),
    assertionTask({
      id: "right_value",
      contextPath: "answer.value",
      operator: "Equals",
      expectedValue: "${expected.value}",
      dependsOn: ["tool_gave_a_figure"],
    }),
    assertionTask({
      id: "right_unit",
      contextPath: "answer.unit",
      operator: "Equals",
      expectedValue: "${expected.unit}",
      dependsOn: ["tool_gave_a_figure"],
    }),
    assertionTask({
      id: "answer_has_a_value",
      contextPath: "answer.value",
      operator: "IsNumeric",
      expectedValue: true,
      dependsOn: ["tool_gave_a_figure"],
      condition: true,
    }),
    assertionTask({
      id: "plausible_value",
      description: "within the lowest and highest figure of the whole list",
      contextPath: "answer.value",
      operator: "InRange",
      expectedValue: "${expected.plausible_range}",
      dependsOn: ["answer_has_a_value"],
    }),
  ];
}

function offTopic() {
  return [
    assertionTask({
      id: "off_topic",
      description: "the question is about something else",
      contextPath: "expected.in_scope",
      operator: "Equals",
      expectedValue: false,
      condition: true,
    }),
    assertionTask({
      id: "declines",
      description: "the agent says what it is for",
      contextPath: "answer.text",
      operator: "MatchesRegex",
      expectedValue: "(?i)\\bonly answer questions about the cars\\b",
      dependsOn: ["off_topic"],
    }),
    assertionTask({
      id: "calls_no_tool",
      contextPath: "tool_calls",
      operator: "HasLengthEqual",
      expectedValue: 0,
      dependsOn: ["off_topic"],
    }),
  ];
}

function always() {
  return [
    assertionTask({
      id: "finishes",
      contextPath: "answer.finish_reason",
      operator: "Equals",
      expectedValue: "stop",
    }),
    assertionTask({
      id: "within_token_budget",
      contextPath: "usage.output_tokens",
      operator: "InRange",
      expectedValue: [1, 300],
    }),
    assertionTask({
      id: "in_time",
      description: "milliseconds from question to answer",
      contextPath: "latency.milliseconds",
      operator: "LessThan",
      expectedValue: 10_000,
    }),
  ];
}
