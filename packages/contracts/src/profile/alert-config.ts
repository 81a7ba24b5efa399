import { z } from "zod";

/**
 * Where an alert goes. Externally tagged: exactly one key. It names a channel and a target in it, never an address:
 * addresses and keys are the server's configuration, so that a profile cannot make it call where it should not.
 */
export const dispatchConfig = z.union(
  [
    z.strictObject({ Console: z.looseObject({ enabled: z.boolean() }) }),
    z.strictObject({ Slack: z.looseObject({ channel: z.string() }) }),
    z.strictObject({ OpsGenie: z.looseObject({ team: z.string(), priority: z.string() }) }),
    z.strictObject({
      PagerDuty: z.strictObject({
        severity: z.enum(["critical", "error", "warning", "info"]).optional(),
      }),
    }),
    z.strictObject({ Webhook: z.strictObject({}) }),
    z.strictObject({ Alertmanager: z.strictObject({}) }),
    /** A channel that the server's owner registered. */
    z.strictObject({ Other: z.looseObject({ name: z.string() }) }),
  ],
  {
    error:
      'expected {"Console": {enabled}}, {"Slack": {channel}}, {"OpsGenie": {team, priority}}, {"PagerDuty": {severity?}}, {"Webhook": {}}, {"Alertmanager": {}} or {"Other": {name}}',
  },
);
export type DispatchConfig = z.output<typeof dispatchConfig>;

export const alertThreshold = z.enum(["Below", "Above", "Outside"]);
export type AlertThreshold = z.output<typeof alertThreshold>;

/** When a single figure alerts, compared with its baseline. `delta` is in the figure's own unit. */
export const alertCondition = z.looseObject({
  baseline_value: z.number(),
  alert_threshold: alertThreshold,
  delta: z.number().nullish(),
});
export type AlertCondition = z.output<typeof alertCondition>;

/**
 * What every kind of profile may say about its schedule and its alerts, besides the reference's fields. All of it is
 * optional: profiles made by other clients do not have it.
 */
export const alertPolicyFields = {
  /** IANA zone of the schedule; UTC when absent. */
  time_zone: z.string().optional(),
  /** Windows missed while nothing ran: all of them, or only the newest; `all` when absent. */
  catch_up: z.enum(["all", "latest"]).optional(),
  /** Seconds in which an alert is not told again, also when it closed and opened between; 0 when absent. */
  cool_down_seconds: z.number().min(0).optional(),
  /** A window without data counts as an alert, or for nothing; `ignore` when absent. */
  no_data: z.enum(["ignore", "alert"]).optional(),
  /** An alert opens when `hits` of the last `of` windows alert, hits <= of; 1 of 1 when absent. */
  persistence: z
    .looseObject({ hits: z.number().int().min(1), of: z.number().int().min(1).max(1000) })
    .optional(),
};

/** The alert configuration of an agent profile; the field itself is optional there. */
export const agentAlertConfig = z.looseObject({
  dispatch_config: dispatchConfig.optional(),
  schedule: z.string().optional(),
  alert_condition: alertCondition.nullish(),
  /** By task id, on the share of the task's runs that passed, 0..1. */
  task_conditions: z.record(z.string(), alertCondition).optional(),
  ...alertPolicyFields,
});
export type AgentAlertConfig = z.output<typeof agentAlertConfig>;

/** `{ "<feature>": { "<category>": code } }`: the numbers that stand for a text feature's categories. */
export const featureMap = z.looseObject({
  features: z.record(z.string(), z.record(z.string(), z.number().int())),
});
export type FeatureMap = z.output<typeof featureMap>;
