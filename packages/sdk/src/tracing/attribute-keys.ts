/** Names by which the server links spans, records and profiles. */
export const scouterAttributes = {
  /** Uid of the profile that a span belongs to; also a prefix: `scouter.entity.<uid>`. */
  entity: "scouter.entity",
  /** Uid of an eval record that was queued during the span. */
  queueRecord: "scouter.queue.record",
  /** Name of the event that links a record to the span it was made in. */
  queueEvent: "scouter.queue.event",
  /** On the queue event: the kind of item, `Agent` for eval records. */
  queueEventEntity: "entity",
  /** JSON texts of what went into and came out of the span. */
  input: "scouter.tracing.input",
  output: "scouter.tracing.output",
  label: "scouter.tracing.label",
  /** Prefix of tags: `scouter.tracing.tag.<key>`. */
  tagPrefix: "scouter.tracing.tag.",
  /** Resource attribute: the scope that traced. */
  scope: "scouter.scope",
  /** Id of the offline scenario that a run belongs to. */
  scenarioId: "scouter.eval.scenario_id",
} as const;
