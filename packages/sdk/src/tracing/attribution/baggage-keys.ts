/** Keys of OpenTelemetry baggage that the SDK reads and writes; baggage travels to downstream services. */
export const baggageKeys = {
  /** Uid of the profile that the work belongs to. */
  activeProfile: "scouter.active.entity_uid",
  /** Id of the offline scenario that the work belongs to. */
  scenario: "scouter.eval.scenario_id",
  /** Prefix of tags: `scouter.tracing.tag.<key>`. */
  tagPrefix: "scouter.tracing.tag.",
} as const;
