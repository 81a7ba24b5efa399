import { z } from "zod";
import { dateTime } from "../record/scalar.ts";

const count = z.number().int();

/** Items that an app counted itself, from its start. */
const reportedItems = z.object({
  offered: count,
  sampled_out: count,
  dropped_full: count,
  dropped_invalid: count,
  dropped_closed: count,
});

/** What one sender of numbered messages has sent: one process of an app. */
export const producerAccount = z.object({
  producer: z.string(),
  service: z.string().nullable(),
  first_seen: dateTime,
  last_seen: dateTime,
  /** Each counted once. */
  messages: count,
  /** How often a message came again; nothing of it was stored twice. */
  repeated_messages: count,
  /** Items stored, and items refused for good. */
  committed: count,
  rejected: count,
  last_sequence: count,
  /** Ranges have both ends included; the first hundred are listed. */
  missing: z.object({ messages: count, ranges: z.array(z.tuple([count, count])) }),
  /** Every message up to this one has arrived. */
  complete_through: z.object({ sequence: count, at: dateTime }).nullable(),
  /** As the app counted when it made message `as_of_sequence`. */
  reported: reportedItems.extend({ as_of_sequence: count }).nullable(),
});
export type ProducerAccountJson = z.output<typeof producerAccount>;

export const producerPage = z.object({
  items: z.array(producerAccount),
  next_cursor: z.string().nullable(),
});

/** The same, summed over the processes of an app. */
export const serviceDelivery = z.object({
  service: z.string().nullable(),
  producers: count,
  messages: count,
  repeated_messages: count,
  committed: count,
  rejected: count,
  last_seen: dateTime,
  reported: reportedItems,
});
export type ServiceDeliveryJson = z.output<typeof serviceDelivery>;

/** A message of a broker that could not be stored, or not all of its items. */
export const parkedMessage = z.object({
  id: count,
  broker: z.string(),
  /** Queue, stream and entry, or topic, partition and offset. */
  origin: z.string(),
  code: z.string(),
  reason: z.string(),
  size_bytes: count,
  has_payload: z.boolean(),
  parked_at: dateTime,
});
export type ParkedMessageJson = z.output<typeof parkedMessage>;

/** Spans that were answered as stored and could not be read back from the span log. */
export const spanDeadLetter = z.object({
  id: z.int(),
  /** The process start whose log it was in. */
  owner: z.string(),
  /** Its number in that log; null for a damaged place that has none. */
  sequence: z.int().nullable(),
  reason: z.string(),
  format: z.string().nullable(),
  size_bytes: z.int(),
  put_aside_at: dateTime,
});
export type SpanDeadLetterJson = z.infer<typeof spanDeadLetter>;

export const spanDeadLetterPage = z.object({
  items: z.array(spanDeadLetter),
  next_cursor: z.string().nullable(),
});

export const parkedMessagePage = z.object({
  items: z.array(parkedMessage),
  next_cursor: z.string().nullable(),
});
