import { z } from "zod";

/** `POST /scouter/v2/alerts/test`: tries a channel out, without the outbox. */
export const alertTestRequest = z.object({
  /**
   * `console`, `webhook`, `alertmanager`, `pagerduty[:severity]`, `slack:channel`, `opsgenie:team[:priority]`, or the name of a
   * registered channel.
   */
  channel: z.string().min(1).max(500),
});
export type AlertTestRequest = z.output<typeof alertTestRequest>;

export const alertTestReply = z.object({
  /** The channel's name. */
  channel: z.string(),
  delivered: z.boolean(),
  /** What the provider was handed to recognise repeats by. */
  dedup_key: z.string(),
  /** Null when it was delivered. */
  error: z
    .object({ code: z.string(), message: z.string(), remedy: z.string().nullable() })
    .nullable(),
});
export type AlertTestReply = z.output<typeof alertTestReply>;
